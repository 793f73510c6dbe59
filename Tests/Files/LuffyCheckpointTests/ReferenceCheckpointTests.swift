import Foundation
import LuffyCheckpoint
import LuffyJSON
import LuffyTestSupport
import Testing

/// Checkpoints that transformers wrote.
@Suite struct ReferenceCheckpointTests {
  @Test(
    .enabled(if: ReferenceData.isPresent), arguments: ["llama-untied", "qwen2-tied", "qwen3"])
  func opensAndReadsEveryTensor(name: String) throws {
    let checkpoint = try ModelCheckpoint.open(path: ReferenceData.path("model/\(name)"))
    let configuration = checkpoint.configuration.root
    let width = try #require(configuration["hidden_size"]?.int)
    let vocabulary = try #require(configuration["vocab_size"]?.int)
    #expect(
      checkpoint.contains("lm_head.weight") == (configuration["tie_word_embeddings"]?.bool == false)
    )
    #expect(checkpoint.generationConfiguration != nil)
    for tensor in checkpoint.tensors {
      let values = try checkpoint.values(tensor.name, tensor.shape)
      #expect(values.allSatisfy { $0.isFinite })
      #expect(values.contains { $0 != 0 })
    }
    let embedding = try checkpoint.values("model.embed_tokens.weight", [vocabulary, width])
    var row = [Float](repeating: 0, count: 2 * width)
    try row.withUnsafeMutableBufferPointer {
      try checkpoint.read(
        "model.embed_tokens.weight", expectedShape: [vocabulary, width], rows: 3..<5, into: $0)
    }
    #expect(row == Array(embedding[3 * width..<5 * width]))
  }
}

extension ModelCheckpoint {
  /// A whole tensor as an array.
  func values(_ name: String, _ shape: [Int]) throws -> [Float] {
    var values = [Float](repeating: .nan, count: shape.reduce(1, *))
    try values.withUnsafeMutableBufferPointer {
      try read(name, expectedShape: shape, into: $0)
    }
    return values
  }
}
