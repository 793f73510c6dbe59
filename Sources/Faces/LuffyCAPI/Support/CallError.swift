import CLuffy

/// A failure with its status: what the shims themselves refuse.
struct CallError: Error, CustomStringConvertible {
  let status: luffy_status
  let description: String

  /// `status` is one of the header's constants, which are imported as `Int`.
  init(_ status: Int, _ description: String) {
    self.status = luffy_status(truncatingIfNeeded: status)
    self.description = description
  }

  static func invalid(_ description: String) -> CallError {
    CallError(LUFFY_ERROR_INVALID_ARGUMENT, description)
  }
}
