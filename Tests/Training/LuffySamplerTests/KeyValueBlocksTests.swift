import LuffyModel
import LuffyTensor
import Testing

/// Blocks come as their last owner left them.
@Suite struct KeyValueBlocksTests {
  /// Bits of the logits of some passes over one sequence, in blocks that held `filler` before.
  private func logits(_ model: Model, _ passes: [Int], filler: UInt32) throws -> [UInt32] {
    let pool = KeyValuePool(model, maximumBytes: 1 << 30)
    let count = passes.reduce(0, +)
    let blocks = try (0..<KeyValueBlockShape.count(positions: count)).map { _ in try pool.take() }
    for block in blocks {
      block.update(repeating: Float(bitPattern: filler), count: pool.blockFloats)
    }
    return try model.withWorkspace { workspace in
      var bits: [UInt32] = []
      var position = 0
      for count in passes {
        let ids = (position..<position + count).map { Int32($0 % 7) }
        let part = InferencePass.Part(ids: ids, position: position, blocks: blocks)
        let row = try InferencePass(model, workspace).run([part]) { false }
        position += count
        bits += (0..<model.configuration.vocabularySize).map { row[$0].bitPattern }
      }
      return bits
    }
  }

  @Test(arguments: 0..<6, Precision.allCases)
  func whatABlockHeldBeforeIsNotRead(_ seed: Int, precision: Precision) throws {
    let model = try Model(
      configuration: TinyModel.configuration(seed), seed: UInt64(seed), precision: precision)
    // Prefill up to an odd position, within a block and past its end; then one position at a time.
    for first in [1, 31, 32, 33, 45] {
      let passes = [first] + Array(repeating: 1, count: 35) + [3]
      let clean = try logits(model, passes, filler: 0)
      #expect(try logits(model, passes, filler: 0xFFFF_FFFF) == clean)
      #expect(clean.allSatisfy { Float(bitPattern: $0).isFinite })
    }
  }
}
