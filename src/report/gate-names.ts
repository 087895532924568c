/** What a gate asks, in both languages; a gate that is not known by its name. */
export function nameGate(name: string): { readonly vi: string; readonly en: string } {
  return names[name] ?? { vi: name, en: name };
}

const names: Readonly<Record<string, { readonly vi: string; readonly en: string }>> = {
  maxErrorShare: { vi: "Tỷ lệ lỗi, nhiều nhất", en: "Share of errors, at most" },
  minFoundShare: {
    vi: "Tỷ lệ tìm thấy trong CSDL dân cư, ít nhất",
    en: "Share found in the register, at least",
  },
  minRegisterPeople: { vi: "Số người trong CSDL dân cư, ít nhất", en: "People in the register, at least" },
  minRecords: { vi: "Số bản ghi, ít nhất", en: "Records, at least" },
  minRecordsOfLast: {
    vi: "Số bản ghi so với lượt trước, ít nhất",
    en: "Records as a share of the last night's, at least",
  },
  minRegisterOfLast: {
    vi: "Số người trong CSDL dân cư so với lượt trước, ít nhất",
    en: "People in the register as a share of the last night's, at least",
  },
  maxFoundShareDrop: {
    vi: "Mức giảm tỷ lệ tìm thấy so với lượt trước, nhiều nhất",
    en: "Drop of the share found since the last night, at most",
  },
};
