//! Pages of experiments: the plan, its revisions, and what its runs have shown.
