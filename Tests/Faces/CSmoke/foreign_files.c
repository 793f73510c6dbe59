/* Files that are no model for this library: statuses, and texts that name the cause. A plan from config.json alone. */
#include "expect.h"

static const char *const config_name = "config.json";
static const char *const weights_name = "model.safetensors";

static void write_text(const char *name, const char *text) {
  FILE *file = fopen(name, "wb");

  EXPECT(file != NULL);
  EXPECT(fputs(text, file) >= 0);
  EXPECT(fclose(file) == 0);
}

/* Loading `path` gives the status and a text with the words. */
static void refused(const char *path, luffy_status status, const char *words) {
  luffy_model *model = NULL;

  EXPECT_STATUS(luffy_model_load(path, NULL, &model), status);
  EXPECT(model == NULL && strstr(luffy_last_error(), words) != NULL);
}

#define SIZES                                                                                                         \
  "\"vocab_size\":61,\"hidden_size\":32,\"num_hidden_layers\":2,\"num_attention_heads\":4,"                          \
  "\"num_key_value_heads\":2,\"intermediate_size\":48,\"tie_word_embeddings\":true}"

static void configurations(void) {
  luffy_model *model = NULL;

  write_text(config_name, "{\"model_type\":\"gemma2\"," SIZES);
  refused(".", LUFFY_ERROR_UNSUPPORTED, "gemma2");
  EXPECT_STATUS(luffy_plan(".", NULL, NULL, NULL), LUFFY_ERROR_UNSUPPORTED);
  write_text(config_name, "{\"model_type\":\"llama\",\"quantization_config\":{\"quant_method\":\"gptq\"}," SIZES);
  refused(".", LUFFY_ERROR_UNSUPPORTED, "gptq");
  write_text(config_name, "{\"model_type\":\"llama\",\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2}," SIZES);
  refused(".", LUFFY_ERROR_UNSUPPORTED, "dynamic");
  EXPECT_STATUS(luffy_model_create("{\"model_type\":\"mistral\"}", 0, NULL, &model), LUFFY_ERROR_UNSUPPORTED);
  EXPECT(strstr(luffy_last_error(), "mistral") != NULL);
}

static void plan_without_weights(void) {
  luffy_plan_t plan = LUFFY_PLAN_INIT;

  write_text(config_name, "{\"model_type\":\"llama\"," SIZES);
  EXPECT_OK(luffy_plan(".", NULL, NULL, &plan));
  EXPECT(plan.weight_bytes > 0);
  EXPECT_OK(luffy_plan(config_name, NULL, NULL, &plan));
  refused(".", LUFFY_ERROR_NOT_FOUND, weights_name);
  refused(config_name, LUFFY_ERROR_UNSUPPORTED, "directory");
}

static void other_files(void) {
  write_text(weights_name, "version https://git-lfs.github.com/spec/v1\noid sha256:01\nsize 988097824\n");
  refused(".", LUFFY_ERROR_CORRUPT, "git-lfs");
  write_text(weights_name, "<!DOCTYPE html><html></html>");
  refused(".", LUFFY_ERROR_CORRUPT, "HTML");
  EXPECT(remove(weights_name) == 0);
  write_text("adapter_config.json", "{\"peft_type\":\"LORA\"}");
  refused(".", LUFFY_ERROR_UNSUPPORTED, "PEFT");
  EXPECT(remove("adapter_config.json") == 0);
  EXPECT(remove(config_name) == 0);
}

int main(void) {
  configurations();
  plan_without_weights();
  other_files();
  (void)smoke_model;
  return 0;
}
