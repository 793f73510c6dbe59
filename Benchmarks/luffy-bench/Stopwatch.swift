/// Seconds of `body`: the least of `runs` after one that is not counted.
func leastSeconds(_ runs: Int, _ body: () throws -> Void) rethrows -> Double {
  try body()
  var least = Double.infinity
  for _ in 0..<max(1, runs) { least = min(least, try seconds(body)) }
  return least
}

/// Wall-clock seconds of one call.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let elapsed = try ContinuousClock().measure(body)
  return max(1e-9, elapsed / .seconds(1))
}

/// With `digits` after the point, filled with blanks from the left to `width`.
func text(_ value: Double, digits: Int = 1, width: Int = 0) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let rounded = (value * scale).rounded() / scale
  var text = digits == 0 ? "\(Int(rounded))" : "\(rounded)"
  while text.count < width { text = " " + text }
  return text
}

/// A part of a whole in percent.
func percent(_ part: Double, of whole: Double) -> String {
  "\(text(100 * part / max(whole, 1), digits: 0)) %"
}
