import CPCRE2

/// A compiled regular expression; immutable, and used by any number of threads.
@safe final class Pattern: @unchecked Sendable {  // PCRE2's code is read-only after compilation
  /// As the file spells it.
  let text: String
  let code: OpaquePointer
  /// Whether there is machine code: no where the system forbids pages both written and run.
  let isJITCompiled: Bool

  /// Compiles a pattern of Oniguruma's syntax; `place` is where the file has it.
  init(_ text: String, place: String) throws(TokenizerError) {
    self.text = text
    let translated = try PatternTranslator.translate(text, place: place)
    switch unsafe Self.compile(translated) {
    case .success(let code): unsafe self.code = unsafe code
    case .failure(let failure):
      throw .badPattern(pattern: text, offset: failure.offset, reason: failure.reason)
    }
    isJITCompiled = unsafe pcre2_jit_compile_8(code, UInt32(PCRE2_JIT_COMPLETE)) == 0
  }

  /// A pattern that matches exactly this text.
  convenience init(literal: String, place: String) throws(TokenizerError) {
    var escaped = ""
    for scalar in literal.unicodeScalars {
      if scalar.isASCII, !scalar.properties.isAlphabetic, scalar.properties.numericType == nil,
        scalar.value > 0x20, scalar != "_"
      {
        escaped += "\\"
      }
      escaped.unicodeScalars.append(scalar)
    }
    try self.init(escaped, place: place)
  }

  deinit { unsafe pcre2_code_free_8(code) }

  static func compiles(_ text: String) -> Bool {
    guard case .success(let code) = unsafe compile(text) else { return false }
    unsafe pcre2_code_free_8(code)
    return true
  }

  private struct Failure: Error {
    let offset: Int
    let reason: String
  }

  private static func compile(_ text: String) -> Result<OpaquePointer, Failure> {
    let context = unsafe pcre2_compile_context_create_8(nil)
    defer { unsafe pcre2_compile_context_free_8(context) }
    unsafe pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
    unsafe pcre2_set_parens_nest_limit_8(context, 200)
    let options = UInt32(PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C) | PCRE2_MULTILINE
    var status: Int32 = 0
    var offset = 0
    let bytes = Array(text.utf8)
    let code = unsafe bytes.withUnsafeBufferPointer { buffer in
      var empty: UInt8 = 0
      return unsafe withUnsafePointer(to: &empty) {
        unsafe pcre2_compile_8(
          buffer.baseAddress ?? $0, buffer.count, options, &status, &offset, context)
      }
    }
    if let code = unsafe code { return unsafe .success(code) }
    return unsafe .failure(Failure(offset: offset, reason: message(status)))
  }

  /// PCRE2's text for one of its status codes.
  static func message(_ status: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = unsafe pcre2_get_error_message_8(status, &buffer, buffer.count)
    return length > 0 ? String(decoding: buffer[..<Int(length)], as: UTF8.self) : "code \(status)"
  }
}
