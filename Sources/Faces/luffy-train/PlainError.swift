import Foundation

/// Any error in one line for people: which file, where in it, what was expected. Errors of Foundation say neither by
/// themselves.
struct PlainError: Error, CustomStringConvertible {
  let description: String

  init(_ error: any Error) { description = Self.text(of: error) }

  /// What went wrong, without a place.
  static func text(of error: any Error) -> String {
    if let error = error as? DecodingError { return text(of: error) }
    // Every error can be seen as an NSError; those of Foundation are of these domains.
    let seen = error as NSError
    guard [NSCocoaErrorDomain, NSPOSIXErrorDomain, NSURLErrorDomain].contains(seen.domain) else {
      return "\(error)"
    }
    let path =
      seen.userInfo[NSFilePathErrorKey] as? String
      ?? (seen.userInfo[NSURLErrorKey] as? URL)?.path
    return (path.map { "\($0): " } ?? "") + reason(seen)
  }

  /// The system's word for it where there is one.
  private static func reason(_ error: NSError) -> String {
    if let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError, cause.domain != error.domain {
      return reason(cause)
    }
    if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
    switch CocoaError.Code(rawValue: error.code) {
    case .fileReadNoSuchFile, .fileNoSuchFile: return "there is no such file or directory"
    case .fileReadInapplicableStringEncoding, .fileReadUnknownStringEncoding, .fileReadCorruptFile:
      return "expected UTF-8 text"
    case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
    case .fileWriteOutOfSpace: return "no space is left on the device"
    case .fileWriteFileExists: return "it exists already"
    default: return "cannot be read or written (code \(error.code))"
    }
  }

  private static func text(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "\(place(context.codingPath + [key])) is missing"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      "\(place(context.codingPath)): expected \(name(type))"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "not JSON\(detail(context))" : "\(place(context.codingPath)): \(context.debugDescription)"
    @unknown default: "not what was expected"
    }
  }

  /// `traces[2].text`
  private static func place(_ path: [any CodingKey]) -> String {
    let text = path.reduce("") { text, key in
      if let index = key.intValue { return "\(text)[\(index)]" }
      return text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)"
    }
    return text.isEmpty ? "the line" : text
  }

  private static func name(_ type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Int.Type, is UInt64.Type: "a whole number"
    case is Double.Type, is Float.Type: "a number"
    case is Bool.Type: "true or false"
    case is [String: Any].Type: "an object"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }

  /// Where the JSON ends to be JSON, in the parser's words.
  private static func detail(_ context: DecodingError.Context) -> String {
    guard let cause = context.underlyingError as NSError?,
      let text = cause.userInfo[NSDebugDescriptionErrorKey] as? String
    else { return "" }
    return ": \(text)"
  }
}
