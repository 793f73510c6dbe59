import CLuffySIMD

/// No instruction multiplies pairs of bfloat16: they are widened first.
let pairProduct: luffy_gemm_panel? = nil
