-- A school: many junctions, some with their own columns.
CREATE TABLE students (id int PRIMARY KEY, name text NOT NULL); CREATE TABLE teachers (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE courses (id int PRIMARY KEY, title text NOT NULL, teacher_id int NOT NULL REFERENCES teachers, assistant_id int REFERENCES teachers);
CREATE TABLE enrollments (student_id int REFERENCES students, course_id int REFERENCES courses, grade numeric(3, 1), PRIMARY KEY (student_id, course_id));
CREATE TABLE prerequisites (course_id int REFERENCES courses, required_course_id int REFERENCES courses, PRIMARY KEY (course_id, required_course_id));
CREATE TABLE substitutes (id int PRIMARY KEY, course_id int NOT NULL REFERENCES courses, teacher_id int NOT NULL REFERENCES teachers, UNIQUE (course_id, teacher_id));
CREATE TABLE quizzes (id int PRIMARY KEY, course_id int REFERENCES courses); CREATE TABLE shelves (id int PRIMARY KEY); CREATE TABLE news (id int PRIMARY KEY);
