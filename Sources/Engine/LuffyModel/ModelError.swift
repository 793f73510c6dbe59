/// What a model refuses, and why.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  /// A configuration that is malformed or describes a model of another kind.
  case configuration(String)
  /// A well-formed configuration of a model that this library does not compute.
  case unsupported(String)
  /// The parameters do not fit: a name or a shape.
  case parameter(String)
  /// An argument of a call: a token out of range, lengths that disagree.
  case argument(String)
  /// Values that are not finite where they must be.
  case nonFinite(String)
  /// More memory than the caller allows: refused before any is taken.
  case outOfMemory(String)
  case cancelled

  public var description: String {
    switch self {
    case .configuration(let text): "model configuration: \(text)"
    case .unsupported(let text): "not supported: \(text)"
    case .parameter(let text): "model parameter: \(text)"
    case .argument(let text): text
    case .nonFinite(let text): "not finite: \(text)"
    case .outOfMemory(let text): text
    case .cancelled: "cancelled"
    }
  }
}
