/// Both halves of each word, low first, widened to float32.
@inline(__always) func addPairProducts(_ accumulator: Lanes, _ a: Lanes, _ b: Lanes) -> Lanes {
  let low = accumulator.addingProduct(lowHalf(a), lowHalf(b))
  return low.addingProduct(highHalf(a), highHalf(b))
}
