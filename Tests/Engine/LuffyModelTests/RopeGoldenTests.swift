import Foundation
import LuffyCheckpoint
import LuffyJSON
import LuffyModel
import LuffyTensor
import Testing

/// Scaled rotary positions against transformers in float64, beyond the positions of before (Tests/Goldens/rope.py).
@Suite struct RopeGoldenTests {
  static let golden: JSONDocument = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Goldens/rope.json")
    return try! JSONDocument(parsing: [UInt8](Data(contentsOf: path)))
  }()

  @Test(arguments: 0..<19) func logProbsAreThoseOfTransformers(_ index: Int) throws {
    let entry = try #require(Self.golden.root["cases"]?[index])
    let sequence = try #require(Self.golden.root["sequence"]).elements.map { Int32($0.int ?? -1) }
    let model = try Self.model(try #require(entry["config"]))
    let expected = try #require(entry["logprobs"]).elements.compactMap(\.double)
    let found = try model.score([sequence])[0].logProbs
    #expect(found.count == expected.count)
    let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? .infinity
    #expect(worst < 2e-4, "\(entry["name"]?.string ?? "")")
  }

  @Test func everyCaseIsTested() { #expect(Self.golden.root["cases"]?.count == 19) }

  /// The weights of rope.py: an integer hash of each tensor's place among the sorted names and each element's place.
  private static func model(_ configuration: JSONNode) throws -> Model {
    let model = try Model(uninitialized: try ModelConfiguration(configuration))
    for (order, entry) in model.layout.entries.sorted(by: { $0.name < $1.name }).enumerated() {
      let shift: Float = entry.name.hasSuffix("norm.weight") ? 1 : 0
      for (index, _) in model.span(entry).enumerated() {
        var x = UInt32(truncatingIfNeeded: index &* 2_654_435_761 &+ order &* 40503 &+ 12345)
        x ^= x >> 15
        x = x &* 2_246_822_519
        x ^= x >> 13
        model.span(entry)[index] = Float((Double(x) / 4_294_967_296 - 0.5) * 0.8) + shift
      }
    }
    model.parametersDidChange()
    return model
  }
}
