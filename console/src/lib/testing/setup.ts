import { i18n } from "@lingui/core";
import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { messages as english } from "../../locales/en.po";
import { messages as dutch } from "../../locales/nl.po";
import { closeStreams, TestEventSource } from "./stream";

i18n.load({ en: english, nl: dutch });
i18n.activate("en");
vi.stubGlobal("EventSource", TestEventSource);

beforeEach(() => {
  closeStreams();
  sessionStorage.clear();
  localStorage.clear();
  i18n.activate("en");
});

afterEach(() => cleanup());
