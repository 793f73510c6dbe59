import Foundation
import LuffyCheckpoint
import LuffyJSON
import Testing

/// Decoding, bit for bit against the reference implementation's results on random blocks.
@Suite struct DequantizationTests {
  static let golden: JSONDocument = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Goldens/dequantization.json")
    return try! JSONDocument(parsing: [UInt8](Data(contentsOf: path)))
  }()

  static let types: [StoredType] = [
    .f16, .bf16, .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .q4_K, .q5_K, .q6_K,
  ]

  @Test(arguments: types) func equalsTheReferenceBitForBit(type: StoredType) throws {
    let entry = try #require(Self.golden.root[type.rawValue])
    let stored = Self.bytes(try #require(entry["stored"]?.string))
    let expected = Self.bytes(try #require(entry["values"]?.string))
    let count = expected.count / 4
    #expect(stored.count / type.block.bytes * type.block.elements == count)
    // At every alignment of the source.
    for shift in 0..<4 {
      let shifted = [UInt8](repeating: 0, count: shift) + stored
      var output = [Float](repeating: .nan, count: count)
      shifted.withUnsafeBytes { source in
        output.withUnsafeMutableBufferPointer {
          type.decode(source.baseAddress! + shift, count: count, into: $0.baseAddress!)
        }
      }
      #expect(output.withUnsafeBytes { Array($0) } == expected)
    }
  }

  @Test func widensEveryHalf() {
    for bits in UInt16.min...UInt16.max {
      let wide = widenHalf(bits)
      let expected = Float(Float16(bitPattern: bits))
      if expected.isNaN {
        #expect(wide.isNaN)
      } else if wide.bitPattern != expected.bitPattern {
        Issue.record("\(bits): \(wide), expected \(expected)")
      }
    }
  }

  static func bytes(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.map { UInt8($0 > 0x39 ? $0 - 0x57 : $0 - 0x30) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
