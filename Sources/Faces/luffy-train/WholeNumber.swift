import ArgumentParser

/// The range of a flag's whole number.
enum WholeNumber {
  /// Names the flag, its value and its limits where one is out of its range. Nil: not given.
  static func check(_ flags: [(name: String, value: Int?, range: ClosedRange<Int>)]) throws {
    for (name, value, range) in flags {
      if let value, !range.contains(value) {
        throw ValidationError(
          "--\(name): expected a whole number of \(range.lowerBound) to \(range.upperBound), found \(value)"
        )
      }
    }
  }
}
