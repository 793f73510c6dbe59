import LuffyKernels
import LuffyModel
import LuffyRollout
internal import LuffyTensor

/// The rollouts of one call: those that wait, those that run, those that are done.
final class RolloutBatch {
  private(set) var rollouts: [[Rollout]]

  private let model: Model
  private let prompts: [[TokenID]]
  private let options: SamplingOptions
  private let stopIDs: Set<Int32>
  private let pool: KeyValuePool
  private let pass: InferencePass
  private let workspace: Workspace
  private let chooser: TokenChooser
  private let probabilities: Scratch<Float>
  private let random: Philox
  private var waiting: Int = 0
  private var slots: [Slot] = []

  /// Prompt tokens that run in one pass at most.
  private static let prefillTokens = 2048

  /// A rollout that runs.
  private struct Slot {
    var prompt: Int
    var rollout: Int
    var blocks: [KeyValuePool.Block]
    /// Of the token that runs next.
    var position: Int
    var next: TokenID
  }

  init(
    _ model: Model, _ workspace: Workspace, _ prompts: [[TokenID]], _ options: SamplingOptions
  ) {
    self.model = model
    self.workspace = workspace
    self.prompts = prompts
    self.options = options
    stopIDs = options.stopIDs ?? Set(model.configuration.eosIDs)
    pool = KeyValuePool(model)
    pass = InferencePass(model, workspace)
    chooser = TokenChooser(model: model, workspace: workspace, options: options)
    probabilities = Scratch(in: model.arena)
    random = Philox(seed: options.seed)
    let empty = Rollout(ids: [], logprobs: [], finishReason: .length)
    rollouts = prompts.map { _ in Array(repeating: empty, count: options.count) }
  }

  func releaseAll() {
    for slot in slots { slot.blocks.forEach(pool.release) }
    slots = []
  }

  /// Starts prompts while there is room, else runs every slot by one token. False when all is done.
  func advance(_ isCancelled: () -> Bool) throws -> Bool {
    if waiting < prompts.count
      && (slots.isEmpty || slots.count + options.count <= options.maximumBatch)
    {
      try start(isCancelled)
      return true
    }
    if slots.isEmpty { return false }
    try decode(isCancelled)
    return true
  }

  /// Runs the next prompts once and draws the first token of each of their rollouts.
  private func start(_ isCancelled: () -> Bool) throws {
    var chosen: [Int] = []
    var tokens = 0
    while waiting < prompts.count {
      let room = options.maximumBatch - slots.count - chosen.count * options.count
      let fits = room >= options.count && tokens + prompts[waiting].count <= Self.prefillTokens
      if !chosen.isEmpty && !fits { break }
      chosen.append(waiting)
      tokens += prompts[waiting].count
      waiting += 1
    }
    let tables = try chosen.map { prompt in
      try (0..<KeyValueBlockShape.count(positions: prompts[prompt].count)).map { _ in
        try pool.take()
      }
    }
    defer { tables.joined().forEach(pool.release) }
    let logits = try pass.run(
      zip(chosen, tables).map { prompt, blocks in
        InferencePass.Part(ids: prompts[prompt], position: 0, blocks: blocks)
      }, isCancelled: isCancelled)
    for (row, prompt) in chosen.enumerated() {
      for rollout in 0..<options.count {
        slots.append(
          Slot(
            prompt: prompt, rollout: rollout, blocks: try share(tables[row], prompt),
            position: prompts[prompt].count, next: 0))
      }
    }
    let first = slots.count - chosen.count * options.count
    try draw(slots.indices.suffix(from: first).map { ($0, ($0 - first) / options.count) }, logits)
  }

  /// A rollout's own table: the prompt's full blocks shared, the one that it writes into copied.
  private func share(
    _ blocks: [KeyValuePool.Block], _ prompt: Int
  ) throws -> [KeyValuePool.Block] {
    let full = prompts[prompt].count / KeyValueBlockShape.positions
    blocks[..<full].forEach(pool.retain)
    return Array(blocks[..<full]) + (try blocks[full...].map(pool.copy))
  }

  private func decode(_ isCancelled: () -> Bool) throws {
    var parts: [InferencePass.Part] = []
    for index in slots.indices {
      if slots[index].position / 32 >= slots[index].blocks.count {
        slots[index].blocks.append(try pool.take())
      }
      let slot = slots[index]
      parts.append(
        InferencePass.Part(ids: [slot.next], position: slot.position, blocks: slot.blocks))
    }
    let logits = try pass.run(parts, isCancelled: isCancelled)
    for index in slots.indices { slots[index].position += 1 }
    try draw(slots.indices.map { ($0, $0) }, logits)
  }

  /// Draws a token for each (slot, row of logits) and retires the slots that end.
  private func draw(_ rows: [(slot: Int, row: Int)], _ logits: UnsafeMutablePointer<Float>) throws {
    let vocabulary = model.configuration.vocabularySize
    let room = try probabilities.take(rows.count * vocabulary)
    var choices = [TokenChoice](
      repeating: TokenChoice(id: 0, logprob: 0, isFinite: false), count: rows.count)
    choices.withUnsafeMutableBufferPointer { choices in
      guard let target = choices.baseAddress else { return }
      Threads.pool.parallelFor(rows.count) { index in
        let slot = slots[rows[index].slot]
        let position = UInt32(truncatingIfNeeded: rollouts[slot.prompt][slot.rollout].ids.count)
        let uniform = random.uniform(
          position, UInt32(truncatingIfNeeded: slot.rollout),
          UInt32(truncatingIfNeeded: slot.prompt), options.step)
        target[index] = chooser.choose(
          logits + rows[index].row * vocabulary, uniform: uniform,
          probabilities: room + index * vocabulary)
      }
    }
    var ended: [Int] = []
    for (index, choice) in choices.enumerated() {
      let slot = rows[index].slot
      if !choice.isFinite {
        throw ModelError.nonFinite("logits of prompt \(slots[slot].prompt)")
      }
      if append(choice, to: slot) { ended.append(slot) }
    }
    for slot in ended.reversed() {
      slots[slot].blocks.forEach(pool.release)
      slots.remove(at: slot)
    }
  }

  /// True when the rollout is complete.
  private func append(_ choice: TokenChoice, to index: Int) -> Bool {
    let slot = slots[index]
    slots[index].next = choice.id
    rollouts[slot.prompt][slot.rollout].ids.append(choice.id)
    rollouts[slot.prompt][slot.rollout].logprobs.append(choice.logprob)
    let stops = stopIDs.contains(choice.id)
    if stops { rollouts[slot.prompt][slot.rollout].finishReason = .stop }
    return stops || rollouts[slot.prompt][slot.rollout].ids.count >= options.maxNewTokens
  }
}
