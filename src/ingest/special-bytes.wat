;; Finds the bytes that structure delimited text, and control characters, 16 bytes at a time. `npm run kernel` compiles it
;; into special-bytes-wasm.ts.
;;
;; Memory: at most 64 KiB of text at 0, filled up with 0xff to a multiple of 16; from 65536 on, 4 bytes each, the offsets
;; of delimiters, quotes and control characters other than tab (line breaks are among them), in order.
(module
  (memory (export "memory") 6)

  ;; Lists what is in text[0, length); the number of offsets.
  (func (export "list") (param $length i32) (param $delimiter i32) (result i32)
    (local $at i32)
    (local $bits i32)
    (local $to i32)
    (local $text v128)
    (local $delimiters v128)
    (local.set $delimiters (i8x16.splat (local.get $delimiter)))
    (local.set $to (i32.const 65536))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $at) (local.get $length)))
        (local.set $text (v128.load (local.get $at)))
        (local.set $bits
          (i8x16.bitmask
            (v128.or
              (v128.or
                (i8x16.eq (local.get $text) (local.get $delimiters))
                (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x22))))
              (v128.andnot
                (i8x16.lt_u (local.get $text) (i8x16.splat (i32.const 0x20)))
                (i8x16.eq (local.get $text) (i8x16.splat (i32.const 0x09)))))))
        (block $listed
          (loop $bit
            (br_if $listed (i32.eqz (local.get $bits)))
            (i32.store (local.get $to) (i32.add (local.get $at) (i32.ctz (local.get $bits))))
            (local.set $to (i32.add (local.get $to) (i32.const 4)))
            (local.set $bits (i32.and (local.get $bits) (i32.sub (local.get $bits) (i32.const 1))))
            (br $bit)))
        (local.set $at (i32.add (local.get $at) (i32.const 16)))
        (br $next)))
    (i32.shr_u (i32.sub (local.get $to) (i32.const 65536)) (i32.const 2))))
