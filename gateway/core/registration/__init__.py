"""The registration desk behind 4444: grammar, rules, civil registry, replies."""
