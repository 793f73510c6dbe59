/// The number of a token in a vocabulary, 0…V−1.
public typealias TokenID = Int32
