// What Swift cannot spell: weak symbols, CPUID, operations on whole vectors, and the table of kernel loops that lets one
// source be compiled once per instruction set and chosen at load. No logic.
#ifndef CLUFFYSIMD_H
#define CLUFFYSIMD_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

// -------------------------------------------------------------------------------------------------------------------
// jemalloc, when the process already has it (linked or preloaded). The library itself never asks for it.

extern void *mallocx(size_t size, int flags) __attribute__((weak));
extern void sdallocx(void *pointer, size_t size, int flags) __attribute__((weak));
extern int mallctl(const char *name, void *old, size_t *old_length, void *value, size_t length)
    __attribute__((weak));

/// Buffers of at least these bytes ask the system for huge pages.
enum { LUFFY_HUGE_BYTES = 4 << 20 };

static inline int luffy_has_jemalloc(void) {
  return mallocx != NULL && sdallocx != NULL && mallctl != NULL;
}

/// An arena of its own, or 0 where none could be made.
static inline unsigned luffy_jemalloc_create_arena(void) {
  unsigned arena = 0;
  size_t length = sizeof arena;
  if (!luffy_has_jemalloc() || mallctl("arenas.create", &arena, &length, NULL, 0) != 0) return 0;
  return arena;
}

/// Gives an arena and all its pages back; nothing of it may be in use.
static inline void luffy_jemalloc_destroy_arena(unsigned arena) {
  char name[32];
  if (arena == 0 || !luffy_has_jemalloc()) return;
  snprintf(name, sizeof name, "arena.%u.destroy", arena);
  mallctl(name, NULL, NULL, NULL, 0);
}

// The flags of mallocx: MALLOCX_LG_ALIGN(6 or, for what is to lie in huge pages, 21), MALLOCX_ARENA(a),
// MALLOCX_TCACHE_NONE.
static inline int luffy_jemalloc_flags(size_t size, unsigned arena) {
  return (size >= LUFFY_HUGE_BYTES ? 21 : 6) | (int)((arena + 1) << 20) | (1 << 8);
}
static inline void *luffy_jemalloc_allocate(size_t size, unsigned arena) {
  return luffy_has_jemalloc() ? mallocx(size, luffy_jemalloc_flags(size, arena)) : NULL;
}
static inline void luffy_jemalloc_free(void *pointer, size_t size, unsigned arena) {
  if (luffy_has_jemalloc()) sdallocx(pointer, size, luffy_jemalloc_flags(size, arena));
}

// -------------------------------------------------------------------------------------------------------------------
// The processor.

enum { LUFFY_ISA_PORTABLE = 0, LUFFY_ISA_AVX2 = 1, LUFFY_ISA_AVX512 = 2, LUFFY_ISA_AVX512BF16 = 3 };

/// The widest instruction set that the processor has and the system saves (CPUID and XGETBV).
static inline int luffy_detect_isa(void) {
#if defined(__x86_64__)
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return LUFFY_ISA_PORTABLE;
  const unsigned fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28;
  if ((c & (fma | osxsave | avx)) != (fma | osxsave | avx)) return LUFFY_ISA_PORTABLE;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if ((low & 0x6) != 0x6) return LUFFY_ISA_PORTABLE;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(b & (1u << 5))) return LUFFY_ISA_PORTABLE;
  const unsigned f = 1u << 16, dq = 1u << 17, cd = 1u << 28, bw = 1u << 30, vl = 1u << 31;
  if ((low & 0xe6) != 0xe6 || (b & (f | dq | cd | bw | vl)) != (f | dq | cd | bw | vl)) return LUFFY_ISA_AVX2;
  if (!__get_cpuid_count(7, 1, &a, &b, &c, &d) || !(a & (1u << 5))) return LUFFY_ISA_AVX512;
  return LUFFY_ISA_AVX512BF16;
#else
  return LUFFY_ISA_PORTABLE;
#endif
}

/// The cores that this process may run on.
__attribute__((visibility("hidden"))) int luffy_core_count(void);

// -------------------------------------------------------------------------------------------------------------------
// Lane arithmetic: one operation each. Swift's SIMD16 spells most of these lane by lane, which the optimiser puts together
// again only in part; and an operation on whole vectors does not pass through a calling convention.

typedef float luffy_lanes __attribute__((ext_vector_type(16)));
typedef int32_t luffy_words __attribute__((ext_vector_type(16)));
typedef uint32_t luffy_unsigned_words __attribute__((ext_vector_type(16)));
#define LUFFY_LANEWISE static inline __attribute__((always_inline))

typedef luffy_lanes luffy_unaligned_lanes __attribute__((aligned(4)));
/// Room for the tallest tile of all instruction sets, 32 columns wide.
typedef struct {
  float words[16 * 32];
} luffy_tile_copy;

LUFFY_LANEWISE luffy_lanes luffy_load(const float *x) { return *(const luffy_unaligned_lanes *)x; }
LUFFY_LANEWISE void luffy_store(luffy_lanes a, float *x) { *(luffy_unaligned_lanes *)x = a; }
/// Asks for a cache line that is read some microseconds later.
LUFFY_LANEWISE void luffy_prefetch(const float *x) { __builtin_prefetch(x, 0, 2); }
LUFFY_LANEWISE luffy_lanes luffy_add(luffy_lanes a, luffy_lanes b) { return a + b; }
LUFFY_LANEWISE luffy_lanes luffy_subtract(luffy_lanes a, luffy_lanes b) { return a - b; }
LUFFY_LANEWISE luffy_lanes luffy_multiply(luffy_lanes a, luffy_lanes b) { return a * b; }
LUFFY_LANEWISE luffy_lanes luffy_divide(luffy_lanes a, luffy_lanes b) { return a / b; }
/// a b + c, rounded once.
LUFFY_LANEWISE luffy_lanes luffy_fma(luffy_lanes a, luffy_lanes b, luffy_lanes c) {
  return __builtin_elementwise_fma(a, b, c);
}
LUFFY_LANEWISE luffy_lanes luffy_square_root(luffy_lanes a) { return __builtin_elementwise_sqrt(a); }
/// Masks: all bits of a word, or none.
LUFFY_LANEWISE luffy_words luffy_less(luffy_lanes a, luffy_lanes b) { return a < b; }
LUFFY_LANEWISE luffy_words luffy_equal(luffy_lanes a, luffy_lanes b) { return a == b; }
LUFFY_LANEWISE luffy_words luffy_words_less(luffy_words a, luffy_words b) { return a < b; }
/// a where the mask is set, else b. (Macros below: no function of the header may pass vectors to another, since that
/// has no settled calling convention below AVX-512.)
LUFFY_LANEWISE luffy_lanes luffy_select(luffy_words mask, luffy_lanes a, luffy_lanes b) {
  return (luffy_lanes)((mask & (luffy_words)a) | (~mask & (luffy_words)b));
}
#define LUFFY_LARGER(a, b) ((luffy_lanes)((((b) > (a)) & (luffy_words)(b)) | (~((b) > (a)) & (luffy_words)(a))))
LUFFY_LANEWISE luffy_lanes luffy_larger(luffy_lanes a, luffy_lanes b) { return LUFFY_LARGER(a, b); }
LUFFY_LANEWISE luffy_words luffy_words_add(luffy_words a, luffy_words b) { return a + b; }
LUFFY_LANEWISE luffy_words luffy_words_subtract(luffy_words a, luffy_words b) { return a - b; }
LUFFY_LANEWISE luffy_words luffy_words_and(luffy_words a, luffy_words b) { return a & b; }
LUFFY_LANEWISE luffy_words luffy_shift_left(luffy_words a, int bits) { return a << bits; }
/// With the sign.
LUFFY_LANEWISE luffy_words luffy_halve(luffy_words a) { return a >> 1; }
/// The bits of one as the other.
LUFFY_LANEWISE luffy_words luffy_words_of(luffy_lanes a) { return (luffy_words)a; }
LUFFY_LANEWISE luffy_lanes luffy_lanes_of(luffy_words a) { return (luffy_lanes)a; }
/// The first `count` < 16 lanes, zero in the others; and the same stored.
LUFFY_LANEWISE luffy_lanes luffy_load_first(const float *x, ptrdiff_t count) {
#if defined(__AVX512F__)
  return (luffy_lanes)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), x);
#else
  luffy_lanes a = 0;
  for (ptrdiff_t i = 0; i < count; i++) a[i] = x[i];
  return a;
#endif
}
LUFFY_LANEWISE void luffy_store_first(luffy_lanes a, float *x, ptrdiff_t count) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(x, (__mmask16)((1u << count) - 1), (__m512)a);
#else
  for (ptrdiff_t i = 0; i < count; i++) x[i] = a[i];
#endif
}
/// The lanes as a balanced tree: halves combined until one is left.
LUFFY_LANEWISE float luffy_sum(luffy_lanes a) {
  typedef float eight_lanes __attribute__((ext_vector_type(8)));
  typedef float four_lanes __attribute__((ext_vector_type(4)));
  const eight_lanes eight = a.lo + a.hi;
  const four_lanes four = eight.lo + eight.hi;
  return (four.x + four.z) + (four.y + four.w);
}
LUFFY_LANEWISE float luffy_largest(luffy_lanes a) {
  const luffy_lanes swapped = __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
  luffy_lanes b = LUFFY_LARGER(a, swapped);
  const luffy_lanes again = __builtin_shufflevector(b, b, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
  b = LUFFY_LARGER(b, again);
  const float x = b[2] > b[0] ? b[2] : b[0], y = b[3] > b[1] ? b[3] : b[1];
  return y > x ? y : x;
}

// -------------------------------------------------------------------------------------------------------------------
// Words of two bfloat16, the first in the low half. Rounded to nearest, ties to even; NaN stays NaN. The instruction that
// rounds takes subnormals for zero.

#define LUFFY_BF16_QUIET 0x7FC00000
#define LUFFY_BF16_ROUNDED(x) \
  ((((luffy_words)(x) + 0x7FFF + ((luffy_words)(x) >> 16 & 1)) & ((x) == (x))) | (LUFFY_BF16_QUIET & ((x) != (x))))
/// The bfloat16 in the high half of each word; what the low half holds is of no use.
LUFFY_LANEWISE luffy_words luffy_bf16_rounded(luffy_lanes x) { return LUFFY_BF16_ROUNDED(x); }

#if defined(__AVX512BF16__)
typedef int16_t luffy_halves __attribute__((ext_vector_type(32)));
#define LUFFY_BF16_ROW(low, high) ((luffy_lanes)_mm512_cvtne2ps_pbh((__m512)(high), (__m512)(low)))
/// Each word's halves from the same lane of two vectors.
LUFFY_LANEWISE luffy_lanes luffy_bf16_words(luffy_lanes even, luffy_lanes odd) {
  const luffy_halves both = (luffy_halves)_mm512_cvtne2ps_pbh((__m512)odd, (__m512)even);
  return (luffy_lanes)__builtin_shufflevector(
      both, both, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
      14, 30, 15, 31);
}
/// c + a.low b.low + a.high b.high in each of sixteen lanes, a and b pairs of bfloat16.
LUFFY_LANEWISE luffy_lanes luffy_bf16_dot(luffy_lanes c, luffy_lanes a, luffy_lanes b) {
  return (luffy_lanes)_mm512_dpbf16_ps((__m512)c, (__m512bh)a, (__m512bh)b);
}
#else
#define LUFFY_BF16_JOINED(even, odd) \
  ((luffy_lanes)((luffy_words)((luffy_unsigned_words)LUFFY_BF16_ROUNDED(even) >> 16) | \
                 (LUFFY_BF16_ROUNDED(odd) & -0x10000)))
#define LUFFY_BF16_ROW(low, high) \
  LUFFY_BF16_JOINED( \
      __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), \
      __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31))
LUFFY_LANEWISE luffy_lanes luffy_bf16_words(luffy_lanes even, luffy_lanes odd) {
  return LUFFY_BF16_JOINED(even, odd);
}
#endif
/// Sixteen words of a row of 32.
LUFFY_LANEWISE luffy_lanes luffy_bf16_row(luffy_lanes low, luffy_lanes high) { return LUFFY_BF16_ROW(low, high); }

/// Transposes an array of 16 rows of 16 words.
#define LUFFY_TRANSPOSE(a) \
  _Pragma("unroll") for (int stage = 0; stage < 4; stage++) { \
    luffy_lanes b[16]; \
    _Pragma("unroll") for (int i = 0; i < 8; i++) { \
      b[2 * i] = __builtin_shufflevector(a[i], a[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23); \
      b[2 * i + 1] = \
          __builtin_shufflevector(a[i], a[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31); \
    } \
    _Pragma("unroll") for (int i = 0; i < 16; i++) a[i] = b[i]; \
  }

/// Sixteen words of each of up to 16 rows, as 16 lines of a word of each row and zero for the rows that are not there.
/// Lines are written in order, `stride` apart: below 16, each line's last words are overwritten by the next, and
/// 16 - stride words past the last one by nothing.
LUFFY_LANEWISE void luffy_bf16_lines(const float *x, ptrdiff_t ldx, ptrdiff_t rows, float *y, ptrdiff_t stride) {
  luffy_lanes a[16];
#pragma unroll
  for (int i = 0; i < 16; i++) {
    a[i] = 0;
    const luffy_unaligned_lanes *row = (const luffy_unaligned_lanes *)(x + i * ldx);
    if (i < rows) a[i] = LUFFY_BF16_ROW(row[0], row[1]);
  }
  LUFFY_TRANSPOSE(a)
#pragma unroll
  for (int i = 0; i < 16; i++) *(luffy_unaligned_lanes *)(y + i * stride) = a[i];
}
/// The same of rows of which `count` elements are left, writing nothing past the last line.
LUFFY_LANEWISE void luffy_bf16_last_lines(
    const float *x, ptrdiff_t ldx, ptrdiff_t rows, ptrdiff_t count, float *y, ptrdiff_t stride) {
  const ptrdiff_t lines = count < 32 ? (count + 1) / 2 : 16, width = stride < 16 ? stride : 16;
  luffy_lanes a[16];
#pragma unroll
  for (int i = 0; i < 16; i++) {
    a[i] = 0;
    if (i >= rows) continue;
    const float *row = x + i * ldx;
#if defined(__AVX512F__)
    const __mmask32 there = count < 32 ? (1u << count) - 1 : ~0u;
    a[i] = LUFFY_BF16_ROW(
        (luffy_lanes)_mm512_maskz_loadu_ps((__mmask16)there, row),
        (luffy_lanes)_mm512_maskz_loadu_ps((__mmask16)(there >> 16), row + 16));
#else
    luffy_lanes low = 0, high = 0;
    for (ptrdiff_t j = 0; j < 16; j++) {
      if (j < count) low[j] = row[j];
      if (j + 16 < count) high[j] = row[j + 16];
    }
    a[i] = LUFFY_BF16_ROW(low, high);
#endif
  }
  LUFFY_TRANSPOSE(a)
#pragma unroll
  for (int i = 0; i < 16; i++) {
    if (i >= lines) continue;
#if defined(__AVX512F__)
    _mm512_mask_storeu_ps(y + i * stride, (__mmask16)((1u << width) - 1), (__m512)a[i]);
#else
    for (ptrdiff_t j = 0; j < width; j++) y[i * stride + j] = a[i][j];
#endif
  }
}

static inline void luffy_spin_hint(void) {
#if defined(__x86_64__)
  __asm__ volatile("pause");
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// -------------------------------------------------------------------------------------------------------------------
// A loop's body. Swift can hand a closure to another thread only by copying it to the heap; a loop that waits for its
// threads need not.

/// A Swift closure `(Int, Range<Int>) -> Void` that does not escape, valid until the call that took it returns.
typedef struct {
  void *function, *context;
} luffy_loop_body;
__attribute__((visibility("hidden"))) void luffy_run_loop_body(
    luffy_loop_body body, ptrdiff_t part, ptrdiff_t first, ptrdiff_t end);

// -------------------------------------------------------------------------------------------------------------------
// One set of loops. Pointers are to rows of float32; sizes are checked by the caller, once.

/// How a product is stored: c = ab, c = (chain that starts from c), c = c + ab.
enum { LUFFY_STORE_SET = 0, LUFFY_STORE_CHAIN = 1, LUFFY_STORE_ADD = 2 };

/// What is read soon, to come into the cache meanwhile: the next panel, and `floats` from each of some pointers + `offset`.
typedef struct luffy_read_ahead {
  const float *panel;
  ptrdiff_t panel_floats;
  const float *const *spans;
  ptrdiff_t count, offset, floats;
} luffy_read_ahead;

/// c [rows, columns <= 32] (row stride ldc) from a, packed in tiles of `height` rows, and one panel; each element is one
/// chain over k. `ahead` may be NULL.
typedef void (*luffy_gemm_panel)(const float *a, ptrdiff_t rows, ptrdiff_t height, ptrdiff_t k, const float *panel,
                                 float *c, ptrdiff_t ldc, ptrdiff_t columns, const float *bias, int store,
                                 const luffy_read_ahead *ahead);

/// One factor or one panel, from rows `stride` apart: `count` rows or columns, k deep.
typedef void (*luffy_pack)(const float *x, ptrdiff_t stride, ptrdiff_t count, ptrdiff_t k, float *packed);

typedef struct luffy_kernels {
  int isa;
  /// Rows of the tallest register tile.
  ptrdiff_t tile_rows;

  /// a: [k] columns of x [rows, k] (row stride ldx) regrouped into tiles of `tile_rows` rows, each [k][rows of tile].
  luffy_pack pack_a;
  /// The same of the transpose: x is [k, rows] with row stride ldx.
  luffy_pack pack_a_transposed;
  /// One panel [k][32] of b = w^T, from rows w [columns <= 32, k] with row stride ldw; missing columns are zero.
  luffy_pack pack_panel_transposed;
  /// One panel [k][32] from rows w [k, columns <= 32] with row stride ldw; missing columns are zero.
  luffy_pack pack_panel;
  /// By one FMA an element and step of k.
  luffy_gemm_panel gemm_panel;

  /// The five above in bfloat16: words of two neighbours of k, rounded to nearest even, so that k counts pairs in the
  /// product and sizes in words are those of (k + 1) / 2.
  luffy_pack pack_pairs_a;
  luffy_pack pack_pairs_a_transposed;
  luffy_pack pack_pairs_panel_transposed;
  luffy_pack pack_pairs_panel;
  /// NULL where no instruction multiplies pairs: `a` is rounded, and panels are widened for `gemm_panel` or as they are
  /// multiplied, by the next three.
  luffy_gemm_panel gemm_pairs_panel;
  /// From float32 `a` and a panel of words, with the bits of `gemm_panel` over the widened panel.
  luffy_gemm_panel gemm_words_panel;
  /// Words [(k + 1) / 2][32] as float32 [k][32].
  void (*widen_panel)(const float *words, ptrdiff_t k, float *panel);
  /// Each float32 rounded to the nearest bfloat16, ties to even.
  void (*round_bfloat16)(float *x, ptrdiff_t count);

  void (*rms_norm)(const float *x, const float *w, float *y, float *inverse, ptrdiff_t rows, ptrdiff_t width,
                   float epsilon);
  /// dx += of one row block; the weight's gradient is `rms_norm_weight`.
  void (*rms_norm_backward)(const float *dy, const float *x, const float *w, const float *inverse, float *dx,
                            ptrdiff_t rows, ptrdiff_t width, int store);
  /// dw[c] += chain over rows of dy * x * inverse, for columns [begin, end).
  void (*rms_norm_weight)(const float *dy, const float *x, const float *inverse, float *dw, ptrdiff_t rows,
                          ptrdiff_t width, ptrdiff_t begin, ptrdiff_t end);
  /// Rotates pairs (i, i + half) of each head of each row by the row's angle; sign -1 turns back.
  void (*rotate)(float *x, ptrdiff_t ldx, const float *cosine, const float *sine, ptrdiff_t rows, ptrdiff_t heads,
                 ptrdiff_t width, float sign);
  void (*swiglu)(const float *gate, const float *up, float *y, ptrdiff_t count);
  void (*swiglu_backward)(const float *dy, float *gate, float *up, float *y, ptrdiff_t count);
  void (*add)(float *y, const float *x, ptrdiff_t count);
  /// db[c] += chain over rows of dy[., c], for columns [begin, end).
  void (*column_sum)(const float *dy, ptrdiff_t ldy, float *db, ptrdiff_t rows, ptrdiff_t begin, ptrdiff_t end);

  /// One block of 32 keys of the online softmax, a row each: scores s [rows, 32] become probabilities. A row sees at
  /// least one key of its first block.
  void (*softmax_block)(float *s, ptrdiff_t rows, const int32_t *visible, float scale, float *maximum, float *sum,
                        float *output, ptrdiff_t ldo, ptrdiff_t width);
  /// output /= sum, and lse = maximum + log(sum).
  void (*softmax_finish)(float *output, ptrdiff_t ldo, ptrdiff_t rows, ptrdiff_t width, const float *maximum,
                         const float *sum, float *lse);
  /// p = exp(s * scale - lse) where visible, else 0; ds = p * (dp - delta) * scale.
  void (*softmax_backward)(float *s, float *dp, ptrdiff_t rows, const int32_t *visible, float scale, const float *lse,
                           const float *delta);
  /// out[r] = sum of a[r, .] * b[r, .]
  void (*row_dot)(const float *a, ptrdiff_t lda, const float *b, ptrdiff_t ldb, ptrdiff_t rows, ptrdiff_t width,
                  float *out);

  /// Over one block of logits times inverse temperature: max, sum of e^(l - max), sum of (l - max) e^(l - max).
  void (*head_block)(const float *logits, ptrdiff_t count, float inverse_temperature, float *out3);
  /// logits -> gradient: (p * (-dlogprob - dentropy * (log p + entropy))) * inverse temperature.
  void (*head_backward)(float *logits, ptrdiff_t count, float inverse_temperature, float lse, float entropy,
                        float dlogprob, float dentropy);
  /// y = e^(x * scale - shift)
  void (*exponentials)(const float *x, ptrdiff_t count, float scale, float shift, float *y);

  /// One AdamW step over a span; `scale` multiplies the gradient (clipping), decay is decoupled. The gradient is zero
  /// afterwards.
  void (*adamw)(float *parameter, float *m, float *v, float *gradient, ptrdiff_t count, float scale, float rate,
                float beta1, float beta2, float epsilon, float decay, float correction1, float correction2);
  /// Sum of squares in float64, 16 lanes.
  double (*sum_of_squares)(const float *x, ptrdiff_t count);
} luffy_kernels;

#ifdef __cplusplus
}
#endif
#endif
