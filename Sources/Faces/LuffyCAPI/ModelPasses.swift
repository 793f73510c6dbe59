import CLuffy
import LuffyModel

@_cdecl("luffy_model_score") @implementation
public func luffy_model_score(
  _ model: OpaquePointer?, _ ids: UnsafePointer<Int32>?, _ lengths: UnsafePointer<Int>?,
  _ count: Int, _ temperature: Float, _ logprobs: UnsafeMutablePointer<Float>?,
  _ entropies: UnsafeMutablePointer<Float>?
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let sequences = try sequences(ids, lengths, count)
    if sequences.isEmpty { return }
    let logprobs = try require(logprobs, "logprobs")
    let scores = try handle.access.shared {
      try handle.model.score(
        sequences, temperature: temperature, isCancelled: handle.cancellation.watch())
    }
    var start = 0
    for score in scores {
      for (index, value) in score.logProbs.enumerated() { logprobs[start + index] = value }
      if let entropies {
        for (index, value) in score.entropies.enumerated() { entropies[start + index] = value }
      }
      start += score.logProbs.count
    }
  }
}

@_cdecl("luffy_model_backward") @implementation
public func luffy_model_backward(
  _ model: OpaquePointer?, _ ids: UnsafePointer<Int32>?, _ lengths: UnsafePointer<Int>?,
  _ count: Int, _ temperature: Float, _ dlogprobs: UnsafePointer<Float>?,
  _ dentropies: UnsafePointer<Float>?
) -> luffy_status {
  call {
    let handle = try ModelHandle.require(model)
    let sequences = try sequences(ids, lengths, count)
    let lengths = try array(lengths, count, "lengths")
    let total = try total(lengths)
    let dLogprobs = slices(try array(dlogprobs, total, "dlogprobs"), lengths)
    let dEntropies =
      dentropies == nil ? nil : slices(try array(dentropies, total, "dentropies"), lengths)
    try handle.access.exclusive {
      try handle.model.backward(
        sequences, dLogProbs: dLogprobs, dEntropies: dEntropies, temperature: temperature,
        isCancelled: handle.cancellation.watch())
    }
  }
}
