"""The administrators' pages: people, activities, carriers' accounts, logins, and how the whole is doing."""
