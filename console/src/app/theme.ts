import {
  Button,
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorsTuple,
} from "@mantine/core";

// Ink on paper: colour is kept for status, so the theme's own colour is the ink itself.
const ink: MantineColorsTuple = [
  "#faf9f7",
  "#f4f2ee",
  "#efede8",
  "#e7e5e0",
  "#c9c6bf",
  "#a09e97",
  "#6b6963",
  "#43413d",
  "#2e2d2a",
  "#1c1b19",
];

export const theme = createTheme({
  colors: { ink },
  primaryColor: "ink",
  primaryShade: { light: 9, dark: 0 },
  fontFamily: "'Inter Variable', 'Segoe UI', system-ui, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  defaultRadius: 7,
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    Button: Button.extend({
      defaultProps: { size: "sm" },
      vars: (_theme, props) =>
        props.variant === undefined || props.variant === "filled"
          ? {
              root: {
                "--button-bg": "var(--v-ink)",
                "--button-hover": "var(--v-ink-soft)",
                "--button-color": "var(--v-paper)",
                "--button-bd": "1px solid var(--v-ink)",
              },
            }
          : { root: {} },
    }),
  },
});

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--v-paper)",
    "--mantine-color-text": "var(--v-ink)",
    "--mantine-color-dimmed": "var(--v-muted)",
    "--mantine-color-default": "var(--v-surface)",
    "--mantine-color-default-hover": "var(--v-hover)",
    "--mantine-color-default-color": "var(--v-ink)",
    "--mantine-color-default-border": "var(--v-line-strong)",
    "--mantine-color-placeholder": "var(--v-muted)",
    "--mantine-color-error": "var(--v-ink)",
    "--mantine-color-anchor": "var(--v-ink)",
    "--mantine-primary-color-filled": "var(--v-ink)",
    "--mantine-primary-color-contrast": "var(--v-paper)",
  };
  return { variables: {}, light: shared, dark: shared };
};

export const schemeManager = localStorageColorSchemeManager({ key: "viertakt.scheme" });
