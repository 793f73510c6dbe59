import CLuffySIMD

/// The loops of this instruction set.
package func makeKernels() -> luffy_kernels {
  luffy_kernels(
    isa: isa,
    tile_rows: FullTile.rows,
    pack_a: { packA($0!, $1, $2, $3, $4!) },
    pack_a_transposed: { packATransposed($0!, $1, $2, $3, $4!) },
    pack_panel_transposed: { packPanelTransposed($0!, $1, $2, $3, $4!) },
    pack_panel: { packPanel($0!, $1, $2, $3, $4!) },
    gemm_panel: {
      gemmPanel(Float32Arithmetic.self, $0!, $1, $2, $3, $4!, $5!, $6, $7, $8, $9, $10)
    },
    pack_pairs_a: { packPairsA($0!, $1, $2, $3, $4!) },
    pack_pairs_a_transposed: { packPairsATransposed($0!, $1, $2, $3, $4!) },
    pack_pairs_panel_transposed: { packPairsPanelTransposed($0!, $1, $2, $3, $4!) },
    pack_pairs_panel: { packPairsPanel($0!, $1, $2, $3, $4!) },
    gemm_pairs_panel: pairProduct,
    gemm_words_panel: {
      gemmPanel(WidenedArithmetic.self, $0!, $1, $2, $3, $4!, $5!, $6, $7, $8, $9, $10)
    },
    widen_panel: { widenPanel($0!, $1, $2!) },
    round_bfloat16: { roundToBFloat16($0!, $1) },
    rms_norm: { rmsNorm($0!, $1!, $2!, $3!, $4, $5, $6) },
    rms_norm_backward: { rmsNormBackward($0!, $1!, $2!, $3!, $4!, $5, $6, $7) },
    rms_norm_weight: { rmsNormWeight($0!, $1!, $2!, $3!, $4, $5, $6, $7) },
    rotate: { rotate($0!, $1, $2!, $3!, $4, $5, $6, $7) },
    swiglu: { swiglu($0!, $1!, $2!, $3) },
    swiglu_backward: { swigluBackward($0!, $1!, $2!, $3!, $4) },
    add: { add($0!, $1!, $2) },
    column_sum: { columnSum($0!, $1, $2!, $3, $4, $5) },
    softmax_block: { softmaxBlock($0!, $1, $2!, $3, $4!, $5!, $6!, $7, $8) },
    softmax_finish: { softmaxFinish($0!, $1, $2, $3, $4!, $5!, $6) },
    softmax_backward: { softmaxBackward($0!, $1!, $2, $3!, $4, $5!, $6!) },
    row_dot: { rowDot($0!, $1, $2!, $3, $4, $5, $6!) },
    head_block: { headBlock($0!, $1, $2, $3!) },
    head_backward: { headBackward($0!, $1, $2, $3, $4, $5, $6) },
    exponentials: { exponentials($0!, $1, $2, $3, $4!) },
    adamw: { adamw($0!, $1!, $2!, $3!, $4, $5, $6, $7, $8, $9, $10, $11, $12) },
    sum_of_squares: { sumOfSquares($0!, $1) })
}
