import LuffyCheckpoint
import LuffyJSON
import LuffyModel
import LuffyTensor
import LuffyTestSupport

/// A tiny checkpoint with log-probs, entropies and gradients computed in float64 by another implementation.
struct ReferenceCheckpoint {
  let model: Model
  let sequences: [[Int32]]
  let weights: [[Double]]
  let entropyWeight: Double
  let logProbs: [[Double]]
  let entropies: [[Double]]
  let folder: String

  init(_ name: String, precision: Precision = .float32) throws {
    folder = "model/\(name)"
    let checkpoint = try ModelCheckpoint.open(path: ReferenceData.path(folder))
    model = try Model(
      uninitialized: try ModelConfiguration(checkpoint.configuration.root), precision: precision)
    for entry in model.layout.entries {
      try checkpoint.read(entry.name, expectedShape: entry.shape, into: model.span(entry))
    }
    model.parametersDidChange()
    let expected = try JSONDocument(parsing: ReferenceData.bytes("\(folder)/expected.json")).root
    sequences = (expected["sequences"]?.elements ?? []).map {
      $0.elements.compactMap { $0.int.map(Int32.init) }
    }
    weights = Self.numbers(expected["weights"])
    entropyWeight = expected["entropy_weight"]?.double ?? .nan
    logProbs = Self.numbers(expected["logprobs"])
    entropies = Self.numbers(expected["entropies"])
  }

  private static func numbers(_ node: JSONNode?) -> [[Double]] {
    (node?.elements ?? []).map { $0.elements.compactMap(\.double) }
  }

  func gradient(_ entry: ParameterLayout.Entry) throws -> [Float] {
    let file = try SafetensorsFile(
      path: ReferenceData.path("\(folder)/expected_gradients.safetensors"))
    var values = [Float](repeating: 0, count: entry.count)
    try values.withUnsafeMutableBufferPointer {
      try file.read(entry.name, expectedShape: entry.shape, into: $0)
    }
    return values
  }
}
