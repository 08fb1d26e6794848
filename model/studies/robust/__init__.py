"""Plans that meet limits with a stated probability (docs/method.md, "Robust plans")."""
