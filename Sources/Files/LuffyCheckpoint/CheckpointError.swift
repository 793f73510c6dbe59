/// Why a file could not be read or written. The text says what was expected, what came and where.
public struct CheckpointError: Error, CustomStringConvertible, Equatable, Sendable {
  public enum Kind: Sendable {
    /// The operating system refused.
    case io
    /// No room: the disk, the quota or the file-size limit is used up.
    case diskFull
    /// No memory, or no address space for a mapping.
    case memory
    /// The bytes contradict the format or each other.
    case corrupt
    /// Well formed, but something this library does not read.
    case unsupported
    /// A file, tensor or key that should be there is not.
    case missing
    /// A tensor of another shape than the caller asked for.
    case shape
  }

  public let kind: Kind
  public let file: String
  public let tensor: String?
  /// Where in the file, counted from its start, when one place is to blame.
  public let byte: Int?
  public let message: String

  package init(
    _ kind: Kind, file: String, tensor: String? = nil, byte: Int? = nil, _ message: String
  ) {
    self.kind = kind
    self.file = file
    self.tensor = tensor
    self.byte = byte
    self.message = message
  }

  public var description: String {
    var place = file
    if let byte { place += ", byte \(byte)" }
    if let tensor { place += ", tensor \(tensor.excerpt)" }
    return "\(place): \(message)"
  }
}

extension String {
  /// The name as it may appear in a message: bounded, since a hostile file can make it a gigabyte.
  package var excerpt: String { utf8.count <= 200 ? self : "\(prefix(64))…" }
}

extension Sequence<String> {
  /// The first few names for a message, and how many there are.
  package func excerpt(_ shown: Int = 5) -> String {
    let names = Array(self)
    let listed = names.prefix(shown).map(\.excerpt).joined(separator: ", ")
    return names.count <= shown ? listed : "\(listed), … (\(names.count) in all)"
  }
}
