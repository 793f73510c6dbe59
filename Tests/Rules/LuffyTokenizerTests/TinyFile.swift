import LuffyTokenizer

/// A small `tokenizer.json`: all 256 bytes (id = byte), a few merges, and what a test changes.
struct TinyFile {
  var merges: [(String, String)] = [("h", "e"), ("l", "l"), ("he", "ll"), ("hell", "o")]
  var extraTokens: [String] = []
  var mergesText: String?
  var vocabularyText: String?
  var modelOptions = ""
  var addedTokens = "[]"
  var normalizer = "null"
  var preTokenizer = Self.byteLevel
  var postProcessor = "null"
  var decoder = #"{"type":"ByteLevel"}"#

  static let byteLevel = #"{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}"#

  /// `{"type":"Sequence", …}` of one Split and ByteLevel without a pattern
  static func split(_ pattern: String, behavior: String = "Isolated", invert: Bool = false)
    -> String
  {
    let escaped = pattern.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    return """
      {"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"\(escaped)"},
      "behavior":"\(behavior)","invert":\(invert)},
      {"type":"ByteLevel","add_prefix_space":false,"use_regex":false}]}
      """
  }

  static func added(_ id: Int, _ content: String, _ options: String = "") -> String {
    #"{"id":\#(id),"content":"\#(content)","special":true,"normalized":false\#(options)}"#
  }

  /// The spelling of a byte, computed apart from the library.
  static func spelling(_ byte: Int) -> String {
    let printable = Array(33...126) + Array(161...172) + Array(174...255)
    if printable.contains(byte) { return String(UnicodeScalar(UInt8(byte))) }
    let others = (0..<256).filter { !printable.contains($0) }
    return String(UnicodeScalar(UInt32(256 + others.firstIndex(of: byte)!))!)
  }

  var text: String {
    var names = (0..<256).map(Self.spelling)
    for rule in merges where !names.contains(rule.0 + rule.1) { names.append(rule.0 + rule.1) }
    names += extraTokens
    let vocabulary = names.enumerated().map { index, name in
      let escaped = name.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      return "\"\(escaped)\":\(index)"
    }.joined(separator: ",")
    let rules = merges.map { "[\"\($0.0)\",\"\($0.1)\"]" }.joined(separator: ",")
    return """
      {"version":"1.0","added_tokens":\(addedTokens),"normalizer":\(normalizer),
      "pre_tokenizer":\(preTokenizer),"post_processor":\(postProcessor),"decoder":\(decoder),
      "model":{"type":"BPE"\(modelOptions),"vocab":\(vocabularyText ?? "{\(vocabulary)}"),
      "merges":\(mergesText ?? "[\(rules)]")}}
      """
  }

  func load() throws(TokenizerError) -> Tokenizer { try Tokenizer(json: Array(text.utf8)) }
}
