/* A model small enough to make from a seed, for examples that need no files. */
#ifndef TINY_MODEL_H
#define TINY_MODEL_H

static const char *const tiny_model =
    "{\"model_type\": \"llama\", \"vocab_size\": 32, \"hidden_size\": 32, \"num_hidden_layers\": 2,"
    " \"num_attention_heads\": 4, \"num_key_value_heads\": 2, \"head_dim\": 8, \"intermediate_size\": 64,"
    " \"max_position_embeddings\": 256, \"tie_word_embeddings\": true, \"initializer_range\": 0.05,"
    " \"eos_token_id\": 1}";

#endif
