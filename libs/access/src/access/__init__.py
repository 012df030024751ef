"""Who is asking, and what may they see: tokens, memberships, row policies, audit."""
