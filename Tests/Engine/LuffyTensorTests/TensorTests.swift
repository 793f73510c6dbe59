import LuffyTensor
import Testing

@Suite struct TensorTests {
  /// The known answers of the Random123 distribution for philox4x32-10.
  @Test func philoxKnownAnswers() {
    let zero = Philox(seed: 0).words(0, 0, 0, 0)
    #expect(zero == SIMD4(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
    let ones = Philox(seed: .max).words(.max, .max, .max, .max)
    #expect(ones == SIMD4(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
    let pi = Philox(seed: 0x299f_31d0_a409_3822)
      .words(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344)
    #expect(pi == SIMD4(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
  }

  @Test func uniformsAreInsideTheUnitInterval() {
    let random = Philox(seed: 1)
    let values = (0..<10_000).map { random.uniform(UInt32($0), 0, 0, 0) }
    #expect(values.allSatisfy { $0 > 0 && $0 < 1 })
    #expect(abs(values.reduce(0, +) / 10_000 - 0.5) < 0.02)
  }

  @Test func buffersGoBackToTheirArena() throws {
    let arena = Arena()
    do {
      let small = try Buffer<Float>(3, filledWith: 2, in: arena)
      let large = try Buffer<Double>(1 << 20, in: arena)
      #expect(arena.live == 12 + (8 << 20))
      #expect(small.span.allSatisfy { $0 == 2 })
      large.pointer[(1 << 20) - 1] = 1
      let scratch = Scratch<Float>(in: arena)
      let first = try scratch.take(10)
      #expect(try scratch.take(5) == first)
      _ = try scratch.take(1000)
      scratch.release()
      #expect(arena.live == 12 + (8 << 20))
    }
    #expect(arena.live == 0)
    #expect(MemoryStatistics.current.peak >= 8 << 20)
  }

  @Test(arguments: [Int.max, Int.max / 4, 1 << 45, -1]) func hugeCountsAreErrors(_ count: Int) {
    let arena = Arena()
    #expect(throws: OutOfMemory.self) { _ = try Scratch<Float>(in: arena).take(count) }
    do {
      _ = try Buffer<Float>(count, in: arena)
      Issue.record("\(count) floats were given")
    } catch {}
    #expect(arena.live == 0)
  }
}
