// Preloaded into the command line: a clock that is set again and again while it works, a day back, a day on, and to the
// second after which 32 bits do not hold the time.
const real = Date;
const readsBetweenJumps = 5;
const jumps = [0, -86_400_000, 86_400_000, real.UTC(2038, 0, 19, 3, 14, 8) - real.now()];
let reads = 0;

function now() {
  const jump = jumps[Math.floor(reads++ / readsBetweenJumps) % jumps.length];
  return real.now() + jump;
}

globalThis.Date = class extends real {
  constructor(...parts) {
    if (parts.length === 0) super(now());
    else super(...parts);
  }

  static now() {
    return now();
  }
};
