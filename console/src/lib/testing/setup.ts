import { i18n } from "@lingui/core";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { messages as english } from "../../locales/en.po";
import { messages as dutch } from "../../locales/nl.po";

i18n.load({ en: english, nl: dutch });
i18n.activate("en");

beforeEach(() => {
  localStorage.clear();
  i18n.activate("en");
});

afterEach(() => cleanup());
