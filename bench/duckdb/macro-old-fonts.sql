-- Text typed for the TCVN3 (ABC) fonts and read as Latin-1.
CREATE MACRO read_tcvn3(cell) AS
  translate(cell,
    '¡¢£¤¥¦§¨©ª«¬' || chr(173) || '®' || 'µ¶·¸¹' || '»¼½¾' || 'ÆÇÈÉÊËÌ' || 'ÎÏÐÑÒÓÔÕÖ×Ø' || 'ÜÝÞß' || 'áâãäåæçèéêëìíîï' ||
      'ñòóôõö÷øùúûüýþ',
    'ĂÂÊÔƠƯĐăâêôơư' || 'đ' || 'àảãáạ' || 'ằẳẵắ' || 'ặầẩẫấậè' || 'ẻẽéẹềểễếệìỉ' || 'ĩíịò' || 'ỏõóọồổỗốộờởỡớợù' ||
      'ủũúụừửữứựỳỷỹýỵ');

-- Text typed for the VNI fonts: a letter behind the vowel stands for its marks.
CREATE MACRO read_vni(cell) AS
  nfc_normalize(translate(
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(lower(cell),
      'á', chr(770) || chr(769)), 'à', chr(770) || chr(768)), 'å', chr(770) || chr(777)),
      'ã', chr(770) || chr(771)), 'ä', chr(770) || chr(803)), 'é', chr(774) || chr(769)),
      'è', chr(774) || chr(768)), 'ú', chr(774) || chr(777)), 'ü', chr(774) || chr(771)),
      'ë', chr(774) || chr(803)),
    'ôöñæóòîâêùøûõï', 'ơưđỉĩịỵ' || chr(770) || chr(774) || chr(769) || chr(768) || chr(777) || chr(771) || chr(803)));

-- UTF-8 that was read as Windows-1252. C3 A0 is à; its no-break space has often become a space or was trimmed away.
CREATE MACRO read_mojibake(cell) AS
  CASE WHEN regexp_matches(cell, '[ÃÄÅÆ]|áº|á»') THEN TRY(decode(unhex(array_to_string(list_transform(
    string_split(regexp_replace(cell, 'Ã( |$)', 'Ã' || chr(160), 'g'), ''),
    lambda letter: CASE
      WHEN unicode(letter) < 256 THEN printf('%02x', unicode(letter))
      WHEN contains('€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ', letter)
        THEN printf('%02x', 127 + instr('€.‚ƒ„…†‡ˆ‰Š‹Œ.Ž..‘’“”•–—˜™š›œ.žŸ', letter))
      ELSE 'no byte' END), '')))) END;
