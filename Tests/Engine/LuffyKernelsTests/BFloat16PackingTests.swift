import CLuffySIMD
import LuffyKernels
import Testing

/// Words of two bfloat16 against a twin that lays them one by one, with room behind that must stay as it was.
struct BFloat16PackingTests {
  private static let untouched: Float = 12345
  private static let guardCount = 64

  /// To nearest, ties to even, by integers.
  private func half(_ x: Float) -> UInt32 {
    let bits = x.bitPattern
    return (bits + 0x7FFF + (bits >> 16 & 1)) >> 16
  }

  /// The word of elements `i` and `i + 1` of a vector, the second zero past its end.
  private func word(_ element: (Int) -> Float, _ i: Int, _ count: Int) -> UInt32 {
    half(element(i)) | (i + 1 < count ? half(element(i + 1)) << 16 : 0)
  }

  private func packed(
    _ pack: luffy_pack?, _ x: [Float], _ stride: Int, _ count: Int, _ k: Int, words: Int
  ) -> [UInt32] {
    var target = [Float](repeating: Self.untouched, count: words + Self.guardCount)
    target.withUnsafeMutableBufferPointer { pack?(x, stride, count, k, $0.baseAddress!) }
    #expect(target.dropFirst(words).allSatisfy { $0 == Self.untouched }, "written past the end")
    return target.prefix(words).map(\.bitPattern)
  }

  @Test(arguments: 0..<60) func wordsAreThoseOfTheTwin(_ seed: Int) {
    var inputs = Inputs(seed + 300)
    let (count, k, slack) = (1 + inputs.below(45), 1 + inputs.below(120), inputs.below(5))
    let depth = (k + 1) / 2
    // Multiples of 2^-9 with nine bits: every fourth number lies halfway between two.
    let x = inputs.floats(max(count * (k + slack), k * (count + slack)), scale: 1).map {
      ($0 * 512).rounded() / 512 + 1
    }
    for set in Kernels.available {
      func tiles(_ element: (Int, Int) -> Float) -> [UInt32] {
        stride(from: 0, to: count, by: set.tile_rows).flatMap { first in
          (0..<depth).flatMap { pair in
            (first..<min(count, first + set.tile_rows)).map { row in
              word({ element(row, $0) }, 2 * pair, k)
            }
          }
        }
      }
      #expect(
        packed(set.pack_pairs_a, x, k + slack, count, k, words: count * depth)
          == tiles { x[$0 * (k + slack) + $1] })
      #expect(
        packed(set.pack_pairs_a_transposed, x, count + slack, count, k, words: count * depth)
          == tiles { x[$1 * (count + slack) + $0] })
      let columns = min(count, 32)
      func panel(_ element: (Int, Int) -> Float) -> [UInt32] {
        (0..<depth).flatMap { pair in
          (0..<32).map { column in
            column < columns ? word({ element(column, $0) }, 2 * pair, k) : 0
          }
        }
      }
      #expect(
        packed(set.pack_pairs_panel_transposed, x, k + slack, columns, k, words: depth * 32)
          == panel { x[$0 * (k + slack) + $1] })
      #expect(
        packed(set.pack_pairs_panel, x, count + slack, columns, k, words: depth * 32)
          == panel { x[$1 * (count + slack) + $0] })
    }
  }

  @Test func infinityAndNaNStay() {
    for set in Kernels.available {
      let x: [Float] = [.infinity, -.infinity, .nan, -.nan, .greatestFiniteMagnitude, 0]
      let words = packed(set.pack_pairs_a, x, 6, 1, 6, words: 3)
      let halves = words.flatMap { [$0 << 16, $0 & 0xFFFF_0000] }.map(Float.init(bitPattern:))
      #expect(halves[0] == .infinity && halves[1] == -.infinity)
      #expect(halves[2].isNaN && halves[3].isNaN)
      #expect(halves[4] == .infinity && halves[5] == 0)
    }
  }
}
