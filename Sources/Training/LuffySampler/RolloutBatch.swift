import LuffyKernels
internal import LuffyModel
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
  /// The next prompt that has not been run.
  private var waiting = 0
  /// Prompts that have been run, in order, and have rollouts yet to start.
  private var ready: [ReadyPrompt] = []
  private var slots: [Slot] = []

  /// Prompt tokens that run in one pass at most.
  static let prefillTokens = 2048

  /// A prompt whose keys, values and last logits are kept until its last rollout has started.
  private struct ReadyPrompt {
    var prompt: Int
    var blocks: [KeyValuePool.Block]
    /// Nil until the prompt has been run.
    var logits: Buffer<Float>.Owner?
    var started = 0
  }

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
  ) throws {
    self.model = model
    self.workspace = workspace
    self.prompts = prompts
    self.options = options
    stopIDs = options.stopIDs ?? Set(model.stopIDs)
    pool = KeyValuePool(model, maximumBytes: options.keyValueMemory ?? PhysicalMemory.bytes / 2)
    pass = InferencePass(model, workspace)
    chooser = TokenChooser(model: model, workspace: workspace, options: options)
    probabilities = Scratch(in: model.arena)
    random = Philox(seed: options.seed)
    let empty = Rollout(ids: [], logprobs: [], finishReason: .length)
    rollouts = prompts.map { _ in Array(repeating: empty, count: options.count) }
    try checkRoom()
  }

  func releaseAll() {
    for slot in slots { slot.blocks.forEach(pool.release) }
    for prompt in ready { prompt.blocks.forEach(pool.release) }
    slots = []
    ready = []
  }

  /// Fills the free slots, then runs every slot by one token. False when all is done.
  func advance(_ isCancelled: () -> Bool) throws -> Bool {
    while slots.count < options.maximumBatch {
      if ready.isEmpty {
        let chosen = nextPrompts()
        if chosen.isEmpty { break }
        try prefill(chosen, isCancelled)
      }
      if try start() == 0 { break }
    }
    if slots.isEmpty { return false }
    try decode(isCancelled)
    return true
  }

  /// Prompts to run next: as many as the free slots have rollouts for and the memory has room for.
  private func nextPrompts() -> Range<Int> {
    let room = options.maximumBatch - slots.count
    let free = freeBlocks
    let first = waiting
    var tokens = 0
    var blocks = 0
    var growth = 0
    while waiting < prompts.count {
      let count = prompts[waiting].count
      let next = self.blocks(waiting)
      blocks += next.prompt
      growth = max(growth, next.growth)
      if blocks + growth > free { break }
      let isFull = (waiting - first) * options.count >= room
      if waiting > first && (isFull || tokens + count > Self.prefillTokens) { break }
      tokens += count
      waiting += 1
    }
    return first..<waiting
  }

  private func prefill(_ chosen: Range<Int>, _ isCancelled: () -> Bool) throws {
    let vocabulary = model.configuration.vocabularySize
    for prompt in chosen {
      let blocks = try (0..<KeyValueBlockShape.count(positions: prompts[prompt].count)).map { _ in
        try pool.take()
      }
      ready.append(ReadyPrompt(prompt: prompt, blocks: blocks))
    }
    let logits = try pass.run(
      ready.map {
        InferencePass.Part(ids: prompts[$0.prompt], position: 0, blocks: $0.blocks)
      }, isCancelled: isCancelled)
    for index in ready.indices {
      ready[index].logits = try Buffer<Float>.Owner(
        copying: UnsafeMutableBufferPointer(
          start: logits + index * vocabulary, count: vocabulary), in: model.arena)
    }
  }

  /// Starts rollouts of the prompts that are ready while there are slots and memory, each with its first token.
  private func start() throws -> Int {
    var free = freeBlocks
    var rows: [(slot: Int, logits: UnsafePointer<Float>)] = []
    for index in ready.indices {
      guard let logits = ready[index].logits else { continue }
      let prompt = ready[index].prompt
      let growth = blocks(prompt).growth
      while ready[index].started < options.count && slots.count < options.maximumBatch
        && growth <= free
      {
        free -= growth
        let blocks = try share(ready[index].blocks, prompt)
        rows.append((slots.count, UnsafePointer(logits.buffer.pointer)))
        slots.append(
          Slot(
            prompt: prompt, rollout: ready[index].started, blocks: blocks,
            position: prompts[prompt].count, next: 0))
        ready[index].started += 1
      }
    }
    try draw(rows)
    for prompt in ready where prompt.started == options.count {
      prompt.blocks.forEach(pool.release)
    }
    ready.removeAll { $0.started == options.count }
    return rows.count
  }

  // MARK: Memory

  /// Blocks that nobody has or may come to need.
  private var freeBlocks: Int {
    let promised = slots.reduce(0) { sum, slot in
      sum + blocks(slot.prompt).longest - slot.blocks.count
    }
    return pool.maximumBlocks - pool.usedBlocks - promised
  }

  private func blocks(_ prompt: Int) -> RolloutBlocks {
    RolloutBlocks(promptTokens: prompts[prompt].count, maxNewTokens: options.maxNewTokens)
  }

  /// Refuses a call of which not even one rollout would fit.
  private func checkRoom() throws {
    let longest = prompts.reduce(0) { max($0, $1.count) }
    let needed =
      RolloutBlocks(promptTokens: longest, maxNewTokens: options.maxNewTokens).longest + 1
    if needed <= pool.maximumBlocks { return }
    let bytes = pool.blockFloats.multipliedReportingOverflow(by: 4 * needed)
    throw ModelError.outOfMemory(
      "a rollout of \(longest) prompt tokens and up to \(options.maxNewTokens) new ones needs "
        + "\(bytes.overflow ? "over 2^63" : String(bytes.partialValue)) bytes of keys and values; kv_memory is "
        + "\(4 * pool.blockFloats * pool.maximumBlocks)")
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
    let vocabulary = model.configuration.vocabularySize
    for index in slots.indices { slots[index].position += 1 }
    try draw(slots.indices.map { ($0, UnsafePointer(logits + $0 * vocabulary)) })
  }

  /// Draws a token for each slot from its row of logits and retires the slots that end.
  private func draw(_ rows: [(slot: Int, logits: UnsafePointer<Float>)]) throws {
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
          rows[index].logits, uniform: uniform,
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
