import LuffyCheckpoint
import Testing

@Suite struct XXH64Tests {
  @Test(
    arguments: [
      ("", 0xef46_db37_51d8_e999), ("a", 0xd24e_c4f1_a98c_6e5b), ("abc", 0x44bc_2cf5_ad77_0999),
      ("Nobody inspects the spammish repetition", 0xfbce_a83c_8a37_8bf1),
    ] as [(String, UInt64)]) func publishedVectors(text: String, expected: UInt64)
  {
    #expect(Array(text.utf8).withUnsafeBytes { XXH64.hash($0) } == expected)
  }

  /// Many stripes and every kind of tail, at another alignment.
  @Test func longInput() {
    let bytes = (0..<3).flatMap { _ in (0...255).map { UInt8($0) } } + Array("xyz12".utf8)
    for shift in 0..<3 {
      let shifted = [UInt8](repeating: 9, count: shift) + bytes
      let hash = shifted.withUnsafeBytes {
        XXH64.hash(UnsafeRawBufferPointer(rebasing: $0[shift...]))
      }
      #expect(hash == 0x9b7d_50c0_4781_8b1b)
    }
  }
}
