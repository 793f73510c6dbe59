import CLuffySIMD

let isa = Int32(LUFFY_ISA_AVX512BF16)

/// Two products of bfloat16 a lane, added in float32 by one instruction, which flushes subnormals and rounds in its
/// own way.
enum BFloat16Arithmetic: Arithmetic {
  @inline(always) static func multiplyAdd(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
    Lanes(luffy_bf16_dot(accumulator.vector, a.vector, b.vector))
  }
}

let pairProduct: luffy_gemm_panel? = {
  gemmPanel(BFloat16Arithmetic.self, $0!, $1, $2, $3, $4!, $5!, $6, $7, $8, $9, $10)
}
