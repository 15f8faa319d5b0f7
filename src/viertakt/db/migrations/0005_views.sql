-- Saved views: a query with how its list is shown, under a name; one's own, a team's, or everyone's.

CREATE TABLE viertakt.view (
    view_id uuid PRIMARY KEY,
    version integer NOT NULL DEFAULT 1 CONSTRAINT view_version_is_positive CHECK (version > 0),
    name text NOT NULL CONSTRAINT view_has_a_name CHECK (name <> ''),
    query text NOT NULL,
    columns text [],
    sort text,
    density text,
    icon text,
    audience text NOT NULL CONSTRAINT audience_is_personal_team_or_everyone
    CHECK (audience IN ('personal', 'team', 'everyone')),
    role text REFERENCES viertakt.role,
    owner text NOT NULL REFERENCES viertakt.actor,
    -- Which of the views that come with the product this is, as long as nobody has renamed it: the console says its name
    -- in the reader's language.
    builtin text CONSTRAINT builtin_view_is_there_once UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz,
    -- Kept for a while after somebody deleted it, so that it comes back whole, stars included.
    deleted_at timestamptz,
    CONSTRAINT team_view_names_its_role CHECK ((audience = 'team') = (role IS NOT NULL))
);
CREATE INDEX view_by_owner ON viertakt.view (owner);

CREATE TABLE viertakt.view_star (
    view_id uuid NOT NULL REFERENCES viertakt.view ON DELETE CASCADE,
    actor text NOT NULL REFERENCES viertakt.actor,
    starred_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (view_id, actor)
);
CREATE INDEX view_star_by_actor ON viertakt.view_star (actor);

GRANT SELECT, INSERT, UPDATE, DELETE ON viertakt.view, viertakt.view_star TO viertakt_app;
