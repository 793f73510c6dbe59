extension String {
  /// With zeros before it, at least so many characters long.
  package func padded(to length: Int) -> String {
    String(repeating: "0", count: max(0, length - count)) + self
  }
}
