import CLuffySIMD

let isa = Int32(LUFFY_ISA_AVX512BF16)

/// Both halves of each word by one instruction, which flushes subnormals and rounds in its own way.
@inline(__always) func addPairProducts(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
  luffy_bf16_dot(accumulator, a, b)
}
