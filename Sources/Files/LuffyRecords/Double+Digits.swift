import Glibc

extension Double {
  /// With so many digits after the point, as C's `%.*f` writes them.
  package func rounded(to digits: Int) -> String { written("%.*f", digits) }

  /// With so many significant digits at most, as C's `%.*g` writes them.
  package func significant(_ digits: Int) -> String { written("%.*g", digits) }

  private func written(_ format: String, _ digits: Int) -> String {
    var text = [CChar](repeating: 0, count: 400 + digits)
    _ = unsafe withVaList([Int32(digits), self]) { unsafe vsnprintf(&text, text.count, format, $0) }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
