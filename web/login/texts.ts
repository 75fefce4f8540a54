/** What the entrance says, in both languages. */

export const TEXTS = {
  language: { en: "Language", zh: "语言" },
  log_in: { en: "Log in", zh: "登录" },
  first_login: { en: "Choose a password", zh: "设置密码" },
  go_on: { en: "Go on", zh: "继续" },
  name: { en: "Name", zh: "用户名" },
  password: { en: "Password", zh: "密码" },
  at_least: { en: "At least 12 characters", zh: "至少 12 个字符" },
  offline: { en: "The server does not answer.", zh: "服务器没有响应。" },
  no_page: {
    en: "You are logged in. There is no page for you here yet.",
    zh: "您已登录，但这里暂时没有您的页面。",
  },
} as const;
