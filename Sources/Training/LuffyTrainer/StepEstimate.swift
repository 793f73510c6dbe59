import LuffyModel
import LuffyTensor

/// Seconds of a step's parts from operations, bytes and the machine's rates.
///
/// Products run at the measured rate; attention, in short products, at two fifths of it; a decode step
/// takes the longer of its products and of reading weights, keys and values once.
struct StepEstimate {
  private let shape: ModelShape
  private let workload: StepWorkload
  private let rates: MachineRates

  init(_ shape: ModelShape, _ workload: StepWorkload, _ rates: MachineRates) {
    self.shape = shape
    self.workload = workload
    self.rates = rates
  }

  /// Of one token forward, at a mean number of keys.
  private func tokenSeconds(keys: Double) -> Double {
    let c = shape.configuration
    let attention = 4 * Double(c.layers * c.queryHeads * c.headWidth) * keys
    return (2 * Double(shape.matrixParameters) + 2.5 * attention) / rates.products
  }

  private var meanKeys: Double {
    Double(workload.promptTokens) + Double(workload.responseTokens) / 2
  }

  func rolloutSeconds(slots: Int) -> Double {
    if slots == 0 { return 0 }
    let total = workload.prompts * workload.rollouts
    let perToken = Double(shape.blockBytes) / Double(KeyValueBlockShape.positions)
    let bytes = Double(shape.packedBytes) + Double(slots) * meanKeys * perToken
    let products = Double(slots) * tokenSeconds(keys: meanKeys)
    let decode = max(products, bytes / rates.bandwidth)
    let waves = Double(total) / Double(slots)
    let prefill =
      Double(workload.prompts * workload.promptTokens)
      * tokenSeconds(keys: Double(workload.promptTokens) / 2)
    return waves * Double(workload.responseTokens) * decode + prefill
  }

  /// Forward and backward of tokens that run, and AdamW: four stores read, three written, and the panels.
  func updateSeconds(tokens: Int, recomputes: Bool) -> Double {
    // Frozen matrices have no products for gradients of their own.
    let passes: Double = (recomputes ? 4 : 3) - (shape.adapters == nil ? 0 : 1)
    let panels = shape.adapters == nil ? shape.packedBytes : shape.adapterPackedBytes
    let memory = Double(8 * shape.trainedBytes + 2 * panels) / rates.bandwidth
    return passes * Double(tokens) * tokenSeconds(keys: meanKeys) + memory
  }
}
