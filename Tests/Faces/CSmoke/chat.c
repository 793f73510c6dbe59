/* Conversations by the chat template that the tokenizer's own files carry, and what is refused of them. */
#include <sys/stat.h>

#include "expect.h"

static const char tokenizer_json[] =
    "{\"version\":\"1.0\",\"added_tokens\":[{\"id\":1,\"content\":\"<|im_end|>\",\"special\":true,\"normalized\":false}],"
    "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"use_regex\":true},"
    "\"decoder\":{\"type\":\"ByteLevel\"},\"model\":{\"type\":\"BPE\",\"merges\":[],\"vocab\":{\"a\":0}}}";
static const char chatml[] =
    "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

static void put(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  EXPECT(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static luffy_tokenizer *load(const char *template_text) {
  luffy_tokenizer *tokenizer = NULL;
  mkdir("c-chat", 0777);
  put("c-chat/tokenizer.json", tokenizer_json);
  remove("c-chat/chat_template.jinja");
  if (template_text != NULL) put("c-chat/chat_template.jinja", template_text);
  EXPECT_OK(luffy_tokenizer_load("c-chat", &tokenizer));
  return tokenizer;
}

int main(void) {
  const char *roles[] = {"system", "user"}, *contents[] = {"S", "U"};
  const char *strange[] = {"human", "user"};
  char text[256];
  size_t length = 0;
  luffy_tokenizer *tokenizer = load(chatml);

  EXPECT_OK(luffy_tokenizer_apply_chat_template(tokenizer, roles, contents, 2, LUFFY_CHAT_GENERATION_PROMPT, text,
                                                sizeof text, &length));
  EXPECT(strcmp(text, "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n") == 0);
  EXPECT(length == strlen(text));
  EXPECT_OK(luffy_tokenizer_chat_template_name(tokenizer, text, sizeof text, &length));
  EXPECT(strcmp(text, "chatml") == 0);
  EXPECT_OK(luffy_tokenizer_chat_template(tokenizer, NULL, 0, &length));
  EXPECT(length == sizeof chatml - 1);
  EXPECT_STATUS(luffy_tokenizer_apply_chat_template(tokenizer, strange, contents, 2, 0, text, sizeof text, &length),
                LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "human") != NULL);
  EXPECT_STATUS(luffy_tokenizer_apply_chat_template(tokenizer, roles, contents, 0, 0, text, sizeof text, &length),
                LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_tokenizer_apply_chat_template(tokenizer, roles, contents, 2, 6, text, sizeof text, &length),
                LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_tokenizer_apply_chat_template(tokenizer, roles, contents, 2, LUFFY_CHAT_THINKING, text, sizeof text,
                                                    &length),
                LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_tokenizer_apply_chat_template(tokenizer, roles, NULL, 2, 0, text, sizeof text, &length),
                LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT_STATUS(luffy_tokenizer_apply_chat_template(NULL, roles, contents, 2, 0, text, sizeof text, &length),
                LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(luffy_tokenizer_token_id(tokenizer, "<|im_end|>") == 1 && luffy_tokenizer_token_id(tokenizer, "b") == -1);
  EXPECT(luffy_tokenizer_token_id(tokenizer, NULL) == -1 && luffy_tokenizer_token_id(NULL, "a") == -1);
  EXPECT_OK(luffy_tokenizer_save(tokenizer, "c-chat-saved"));
  EXPECT_STATUS(luffy_tokenizer_save(tokenizer, NULL), LUFFY_ERROR_INVALID_ARGUMENT);
  luffy_tokenizer_destroy(tokenizer);
  EXPECT_OK(luffy_tokenizer_load("c-chat-saved", &tokenizer));
  EXPECT_OK(luffy_tokenizer_chat_template_name(tokenizer, text, sizeof text, &length));
  luffy_tokenizer_destroy(tokenizer);

  tokenizer = load("{{ messages }}");
  EXPECT_STATUS(luffy_tokenizer_apply_chat_template(tokenizer, roles, contents, 2, 0, text, sizeof text, &length),
                LUFFY_ERROR_UNSUPPORTED);
  EXPECT(strstr(luffy_last_error(), "{{ messages }}") != NULL && strstr(luffy_last_error(), "qwen2.5") != NULL);
  luffy_tokenizer_destroy(tokenizer);
  tokenizer = load(NULL);
  EXPECT_STATUS(luffy_tokenizer_chat_template(tokenizer, NULL, 0, &length), LUFFY_ERROR_NOT_FOUND);
  luffy_tokenizer_destroy(tokenizer);
  EXPECT_STATUS(luffy_render_prompt("model", NULL, "U", text, sizeof text, &length), LUFFY_ERROR_INVALID_ARGUMENT);
  EXPECT(strstr(luffy_last_error(), "luffy_tokenizer_apply_chat_template") != NULL);
  puts("chat: the template of the tokenizer's files");
  return 0;
}
