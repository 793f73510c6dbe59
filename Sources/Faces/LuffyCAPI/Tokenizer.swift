import CLuffy
import LuffyTokenizer
import LuffyTrainer

final class TokenizerHandle: Handle {
  static let tag: UInt64 = 0x6c75_6666_7974_6f6b
  static let name = "luffy_tokenizer"

  let tokenizer: Tokenizer

  init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// NULL where no tokenizer is meant.
  static func optional(_ pointer: OpaquePointer?) throws(CallError) -> Tokenizer? {
    pointer == nil ? nil : try require(pointer).tokenizer
  }
}

@_cdecl("luffy_tokenizer_load") @implementation
public func luffy_tokenizer_load(
  _ path: UnsafePointer<CChar>?, _ tokenizer: UnsafeMutablePointer<OpaquePointer?>?
) -> luffy_status {
  call {
    let path = try text(path, "path")
    let out = try require(tokenizer, "tokenizer")
    try Memory.expect(Tokenizer.fileSize(modelPath: path), times: 24)
    out.pointee = TokenizerHandle(try Tokenizer.load(modelPath: path)).makeHandle()
  }
}

@_cdecl("luffy_tokenizer_destroy") @implementation
public func luffy_tokenizer_destroy(_ tokenizer: OpaquePointer?) {
  TokenizerHandle.destroy(tokenizer)
}

@_cdecl("luffy_tokenizer_encode") @implementation
public func luffy_tokenizer_encode(
  _ tokenizer: OpaquePointer?, _ text: UnsafePointer<CChar>?, _ text_length: Int,
  _ add_special_tokens: Int32, _ ids: UnsafeMutablePointer<Int32>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let tokenizer = try TokenizerHandle.require(tokenizer).tokenizer
    let given = try bytes(text, text_length, "text")
    try Memory.expect(given.count, times: 64)
    let text = Array(given)
    let found = try tokenizer.encode(bytes: text, addSpecialTokens: add_special_tokens != 0)
    try give(found, ids, capacity, length)
  }
}

@_cdecl("luffy_tokenizer_decode") @implementation
public func luffy_tokenizer_decode(
  _ tokenizer: OpaquePointer?, _ ids: UnsafePointer<Int32>?, _ count: Int,
  _ skip_special_tokens: Int32, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  luffy_tokenizer_decode_checked(
    tokenizer, ids, count, skip_special_tokens, text, capacity, length, nil)
}

@_cdecl("luffy_tokenizer_decode_checked") @implementation
public func luffy_tokenizer_decode_checked(
  _ tokenizer: OpaquePointer?, _ ids: UnsafePointer<Int32>?, _ count: Int,
  _ skip_special_tokens: Int32, _ text: UnsafeMutablePointer<CChar>?, _ capacity: Int,
  _ length: UnsafeMutablePointer<Int>?, _ unknown: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let tokenizer = try TokenizerHandle.require(tokenizer).tokenizer
    try Memory.expect(count, times: 64)
    let decoded = try tokenizer.decodeChecked(
      Array(try array(ids, count, "ids")), skipSpecialTokens: skip_special_tokens != 0)
    unknown?.pointee = decoded.unknownIDs
    try give(text: decoded.bytes, text, capacity, length)
  }
}

@_cdecl("luffy_tokenizer_vocab_size") @implementation
public func luffy_tokenizer_vocab_size(_ tokenizer: OpaquePointer?) -> Int32 {
  Int32(clamping: TokenizerHandle.find(tokenizer)?.tokenizer.vocabularySize ?? 0)
}

@_cdecl("luffy_tokenizer_eos_id") @implementation
public func luffy_tokenizer_eos_id(_ tokenizer: OpaquePointer?) -> Int32 {
  TokenizerHandle.find(tokenizer)?.tokenizer.eosID ?? -1
}

@_cdecl("luffy_tokenizer_bos_id") @implementation
public func luffy_tokenizer_bos_id(_ tokenizer: OpaquePointer?) -> Int32 {
  TokenizerHandle.find(tokenizer)?.tokenizer.bosID ?? -1
}

@_cdecl("luffy_tokenizer_token_id") @implementation
public func luffy_tokenizer_token_id(
  _ tokenizer: OpaquePointer?, _ token: UnsafePointer<CChar>?
) -> Int32 {
  guard let token, let spelled = String(validatingCString: token) else { return -1 }
  return TokenizerHandle.find(tokenizer)?.tokenizer.id(for: spelled) ?? -1
}

@_cdecl("luffy_tokenizer_save") @implementation
public func luffy_tokenizer_save(
  _ tokenizer: OpaquePointer?, _ directory: UnsafePointer<CChar>?
) -> luffy_status {
  call {
    let tokenizer = try TokenizerHandle.require(tokenizer).tokenizer
    try tokenizer.save(directory: try text(directory, "directory"))
  }
}

@_cdecl("luffy_render_prompt") @implementation
public func luffy_render_prompt(
  _ name: UnsafePointer<CChar>?, _ system: UnsafePointer<CChar>?, _ user: UnsafePointer<CChar>?,
  _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int, _ length: UnsafeMutablePointer<Int>?
) -> luffy_status {
  call {
    let name = try text(name, "name")
    guard let template = PromptTemplate(name: name) else {
      let known = PromptTemplate.names.joined(separator: ", ")
      throw CallError.invalid(
        name == PromptTemplate.modelName
          ? "the prompt template \"model\" is the tokenizer's own chat template: use "
            + "luffy_tokenizer_apply_chat_template (Python: tokenizer.apply_chat_template), or one of \(known)"
          : "the prompt template \"\(name)\" is not one of \(known)")
    }
    let prompt = template.render(
      system: system.map { String(cString: $0) }, user: try text(user, "user"))
    try give(text: Array(prompt.utf8), buffer, capacity, length)
  }
}
