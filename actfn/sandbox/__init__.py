"""Code of others in processes of its own: started, confined, talked to, ended, and nothing of it left."""
