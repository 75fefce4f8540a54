/** What the entrance says, in both languages. */

export const TEXTS = {
  language: { en: "Language", zh: "语言" },
  log_in: { en: "Log in", zh: "登录" },
  first_login: { en: "Choose a password", zh: "设置密码" },
  go_on: { en: "Go on", zh: "继续" },
  name: { en: "Name", zh: "用户名" },
  password: { en: "Password", zh: "密码" },
  at_least: { en: "At least 12 characters", zh: "至少 12 个字符" },
  wrong: {
    en: "Name or password is wrong. If you forgot it, ask your coach for another link.",
    zh: "用户名或密码不正确。如忘记密码，请向教练索取新链接。",
  },
  used: {
    en: "This link was used already or is too old: log in, or ask your coach for another one.",
    zh: "此链接已被使用或已过期：请登录，或向教练索取新链接。",
  },
  short: { en: "Choose 12 to 200 characters.", zh: "密码需为 12 至 200 个字符。" },
  often: { en: "Too many attempts: wait a minute.", zh: "尝试次数过多：请等一分钟。" },
  offline: { en: "The server does not answer.", zh: "服务器没有响应。" },
  no_page: {
    en: "You are logged in. There is no page for you here yet.",
    zh: "您已登录，但这里暂时没有您的页面。",
  },
} as const;
