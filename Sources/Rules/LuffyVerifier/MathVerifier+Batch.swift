import Glibc

extension MathVerifier {
  /// Judges many responses at once on up to `threads` cores (all of them by default).
  ///
  /// The verdicts are in the pairs' order and do not depend on the number of threads.
  public func verify(
    _ pairs: [(reference: String, response: String)], threads: Int? = nil
  ) async -> [Verdict] {
    let cores = threads ?? Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let workers = min(max(1, cores), max(1, pairs.count / 16))
    if workers == 1 { return pairs.map { verify(reference: $0.reference, response: $0.response) } }
    let chunk = (pairs.count + workers - 1) / workers
    return await withTaskGroup(of: (Int, [Verdict]).self) { group in
      for start in stride(from: 0, to: pairs.count, by: chunk) {
        let part = Array(pairs[start..<min(start + chunk, pairs.count)])
        group.addTask {
          (start, part.map { verify(reference: $0.reference, response: $0.response) })
        }
      }
      var parts: [(Int, [Verdict])] = []
      for await part in group { parts.append(part) }
      return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
  }
}
