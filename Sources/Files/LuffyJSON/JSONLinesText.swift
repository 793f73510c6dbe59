/// The lines of a JSON Lines text that hold something, with their numbers in the file.
///
/// A byte order mark at the start, carriage returns before line ends, and blank lines are no part of any line; a blank
/// line counts, so that an error names the line that an editor shows.
public struct JSONLinesText: Sequence {
  public struct Line: Sendable {
    /// From 1.
    public let number: Int
    public let bytes: ArraySlice<UInt8>

    /// The line as JSON; `byte` of the error counts from the line's start.
    public func document() throws(JSONError) -> JSONDocument {
      try JSONDocument(parsing: Array(bytes))
    }
  }

  private let bytes: [UInt8]

  public init(_ bytes: [UInt8]) { self.bytes = bytes }

  public func makeIterator() -> Iterator { Iterator(bytes) }

  public struct Iterator: IteratorProtocol {
    private let bytes: [UInt8]
    private var position: Int
    private var number = 0

    fileprivate init(_ bytes: [UInt8]) {
      self.bytes = bytes
      position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    public mutating func next() -> Line? {
      while position < bytes.count {
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        var line = bytes[position..<end]
        position = end + 1
        number += 1
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        if !isBlank { return Line(number: number, bytes: line) }
      }
      return nil
    }
  }
}
