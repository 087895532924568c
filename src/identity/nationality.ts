import { squeezeText } from "./fold-text.js";

/**
 * Whether a nationality cell names Việt Nam (or one of its peoples: the column is often filled with the ethnic group);
 * false when it names something else; null when it names nothing (blank, a dash, a number, "không rõ"). Total.
 */
export function isVietnamese(text: string): boolean | null {
  const name = squeezeText(text).replace(/^(?:quoctich|congdan|nguoi|dantoc)+(?=.)/, "");
  if (!/\p{L}/u.test(name) || noAnswers.has(name)) return null;
  return vietnameseNames.has(name);
}

const noAnswers = new Set(
  [
    "không",
    "không có",
    "không rõ",
    "không biết",
    "chưa rõ",
    "chưa có",
    "n/a",
    "null",
    "none",
    "nil",
    "x",
    "xx",
    "xxx",
    "khác",
  ].map(squeezeText),
);

/** Squeezed; "Lào" is left out, as a nationality it is the country, and "Thái" is in: the country is "Thái Lan". */
const vietnameseNames = new Set(
  [
    ...["Việt Nam", "VN", "VNM", "Vietnamese", "Việt", "CHXHCN Việt Nam"],
    ...[
      "Cộng hòa xã hội chủ nghĩa Việt Nam",
      "Socialist Republic of Viet Nam",
      "Viet Nam (VN)",
      "VN Việt Nam",
    ],
    ...[
      "Kinh",
      "Tày",
      "Thái",
      "Mường",
      "Khmer",
      "Khơ me",
      "Khơ-me",
      "Hoa",
      "Nùng",
      "H'Mông",
      "Mông",
      "Hmong",
      "Dao",
    ],
    ...[
      "Gia Rai",
      "Jrai",
      "Ê Đê",
      "Rhade",
      "Ba Na",
      "Xơ Đăng",
      "Sán Chay",
      "Cơ Ho",
      "K'Ho",
      "Chăm",
      "Sán Dìu",
    ],
    ...[
      "Hrê",
      "Mnông",
      "M'Nông",
      "Raglay",
      "Ra Glai",
      "Xtiêng",
      "S'tiêng",
      "Bru Vân Kiều",
      "Thổ",
      "Giáy",
      "Cơ Tu",
    ],
    ...[
      "Gié Triêng",
      "Mạ",
      "Khơ Mú",
      "Co",
      "Tà Ôi",
      "Chơ Ro",
      "Kháng",
      "Xinh Mun",
      "Hà Nhì",
      "Chu Ru",
      "La Chí",
    ],
    ...[
      "La Ha",
      "Phù Lá",
      "La Hủ",
      "Lự",
      "Lô Lô",
      "Chứt",
      "Mảng",
      "Pà Thẻn",
      "Cờ Lao",
      "Cống",
      "Bố Y",
      "Si La",
    ],
    ...["Pu Péo", "Brâu", "Ơ Đu", "Rơ Măm", "Ngái"],
  ].map(squeezeText),
);
