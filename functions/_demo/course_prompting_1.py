""" "Prompting untuk Profesional", first part: what a prompt needs."""

from __future__ import annotations

from typing import Final

from functions._demo.shapes import Chapter, LessonItem, Question

PROMPTS: Final[Chapter] = Chapter(
    title="Dasar Prompt yang Baik",
    description=(
        "Tujuan, bahan, batas, dan bentuk: empat hal yang harus ada sebelum menekan kirim."
    ),
    lessons=(
        LessonItem(
            title="Empat Bagian Sebuah Prompt",
            description=(
                "Tujuan, bahan, batas, dan bentuk hasil, dengan satu contoh yang "
                "diperbaiki bersama."
            ),
            minutes=8,
            is_free_preview=True,
            content="""
                    "Buatkan surat." Dua kata itu memaksa model menebak: untuk siapa, tentang apa,
                    seberapa panjang, sehalus apa. Tebakannya rata-rata dari semua surat yang pernah
                    ia lihat. Prompt yang baik mengurangi tebakan.

                    ## Empat bagian

                    1. **Tujuan**: apa yang harus terjadi setelah pembaca membaca hasilnya. "Pemasok
                       mengirim ulang barang paling lambat Jumat."
                    2. **Bahan**: fakta yang boleh dipakai. Nomor pesanan, tanggal, apa yang rusak.
                    3. **Batas**: apa yang tidak boleh ada. "Jangan mengancam, jangan menjanjikan
                       pembayaran."
                    4. **Bentuk**: panjang, nada, susunan. "Surel resmi, paling banyak 120 kata,
                       satu permintaan yang jelas di akhir."

                    ## Dari samar ke jelas

                    Samar: *Buatkan surat komplain ke pemasok.*

                    Jelas: *Tulis surel resmi kepada pemasok kertas kami. Tujuan: mereka mengganti
                    12 rim yang basah sebelum Jumat. Fakta: pesanan nomor 418, diterima Senin, foto
                    terlampir. Jangan mengancam dan jangan menyebut pemasok lain. Paling banyak 120
                    kata, akhiri dengan satu permintaan.*

                    Yang kedua lebih panjang, tetapi waktu yang terpakai untuk menulisnya kembali
                    pada saat Anda tidak perlu meminta perbaikan lima kali. Perhatikan juga bahwa
                    menulis tujuan memaksa Anda memutuskan sesuatu: apakah kita ingin barang
                    diganti, atau uang kembali? Model tidak dapat memutuskan itu.

                    ## Coba sendiri

                    Buka tiga prompt terakhir Anda. Beri tanda mana dari empat bagian yang hilang.
                    Kebanyakan orang menulis bentuk ("singkat saja") dan lupa batas.

                    ## Bila hasilnya tetap meleset

                    Jangan langsung menambah kata. Baca jawabannya sebagai petunjuk: bagian mana
                    yang ditebak model? Jika nadanya keliru, bentuk kurang jelas. Jika ada fakta
                    yang tidak pernah Anda sebut, bahan kurang atau batas belum melarangnya. Jika
                    semuanya rapi tetapi tidak berguna, tujuannya yang perlu ditulis ulang. Satu
                    perbaikan pada bagian yang tepat biasanya lebih manjur daripada lima kalimat
                    tambahan di tempat yang salah.

                    Prompt yang baik juga dapat dibaca rekan Anda. Bila seorang rekan baru, dengan
                    bahan yang sama, tidak tahu apa yang harus dikerjakan, model pun menebak.
                """,
            questions=(
                Question(
                    "easy",
                    ('Bagian mana yang hilang dari "Tulis ringkasan 100 kata yang sopan"?'),
                    ("Tujuan dan bahan", "Bentuk", "Panjang"),
                    right=0,
                    because=("Bentuknya ada, tetapi tidak dikatakan untuk apa dan dari bahan apa."),
                ),
                Question(
                    "medium",
                    "Mengapa batas perlu ditulis?",
                    (
                        "Supaya prompt lebih panjang",
                        "Karena model mengisi sendiri apa yang tidak dilarang",
                        "Karena batas mempercepat jawaban",
                    ),
                    right=1,
                    because=(
                        "Janji atau ancaman yang tidak diinginkan sering muncul "
                        "karena lazim dalam surat sejenis."
                    ),
                ),
                Question(
                    "medium",
                    "Apa manfaat sampingan dari menulis tujuan?",
                    (
                        "Model menjadi lebih jujur",
                        "Biaya turun",
                        "Anda terpaksa memutuskan apa yang diinginkan",
                    ),
                    right=2,
                    because="Keputusan itu tidak dapat diambil oleh model.",
                ),
            ),
        ),
        LessonItem(
            title="Memberi Konteks Secukupnya",
            description=(
                "Terlalu sedikit membuat model menebak, terlalu banyak membuat hal "
                "penting tenggelam."
            ),
            minutes=8,
            is_free_preview=True,
            content="""
                    Konteks bukan soal sebanyak-banyaknya. Bayangkan menitipkan tugas kepada rekan
                    baru yang cerdas, tetapi belum pernah masuk kantor Anda. Apa yang perlu ia tahu
                    agar tidak salah langkah, dan apa yang hanya akan membingungkannya?

                    ## Tiga jenis konteks

                    - **Pembaca**: siapa mereka, apa yang sudah mereka ketahui, apa yang mereka
                      khawatirkan.
                    - **Istilah**: singkatan dan nama khas kantor. "RKA adalah rencana kerja dan
                      anggaran tahunan kami."
                    - **Keadaan**: apa yang terjadi sebelum ini dan apa yang sudah dicoba.

                    ## Menempel dokumen panjang

                    Jika tugasnya menyangkut satu bab, tempel bab itu, bukan seluruh laporan. Beri
                    pagar yang jelas, misalnya tanda kutip tiga atau judul "BAHAN", supaya model
                    tidak mengira kalimat di dalam dokumen sebagai perintah Anda. Letakkan
                    pertanyaan sesudah bahan; pada teks panjang, perintah di akhir lebih jarang
                    terlewat.

                    ## Minta model bertanya

                    Satu kalimat sederhana sering menolong: *Sebelum menulis, ajukan paling banyak
                    tiga pertanyaan bila ada keterangan yang kurang.* Pertanyaannya memperlihatkan
                    konteks mana yang Anda anggap sudah jelas padahal belum.

                    ## Yang tidak perlu

                    Pujian, ancaman, dan cerita panjang tentang betapa pentingnya tugas ini jarang
                    memperbaiki isi. Gunakan ruang itu untuk satu contoh nyata. Dan ingat pelajaran
                    tentang data pribadi: konteks secukupnya juga berarti tidak menempelkan apa yang
                    tidak diperlukan.

                    ## Contoh: pengumuman pemadaman listrik

                    Tanpa konteks, model menulis pengumuman kantor yang umum. Dengan tiga baris
                    konteks hasilnya berubah: *Pembaca: 40 pedagang kios, kebanyakan membaca di
                    ponsel. Mereka khawatir soal lemari pendingin. Tahun lalu pengumuman terlambat
                    sehari.* Sekarang model mendahulukan jam pemadaman, menyarankan cara menjaga
                    dingin, dan meminta maaf untuk kejadian lama tanpa mengulang ceritanya.

                    Ketiga baris itu tidak ada di dokumen mana pun. Itulah pengetahuan yang Anda
                    bawa, dan bagian pekerjaan yang tidak dapat dititipkan.
                """,
            questions=(
                Question(
                    "easy",
                    ("Di mana pertanyaan sebaiknya diletakkan bila bahannya panjang?"),
                    ("Di tengah bahan", "Sesudah bahan", "Di pesan terpisah keesokan hari"),
                    right=1,
                    because="Perintah di akhir lebih jarang terlewat.",
                ),
                Question(
                    "medium",
                    "Mengapa bahan diberi pagar?",
                    (
                        "Supaya isi dokumen tidak terbaca sebagai perintah",
                        "Supaya hurufnya tebal",
                        "Supaya jawaban lebih panjang",
                    ),
                    right=0,
                    because=(
                        "Dokumen dapat memuat kalimat perintah; pagar membantu "
                        "memisahkannya dari permintaan Anda."
                    ),
                ),
                Question(
                    "easy",
                    "Mana konteks yang paling berguna?",
                    (
                        '"Ini sangat penting bagi karier saya"',
                        ('"Pembacanya kepala desa yang belum pernah memakai aplikasi ini"'),
                        '"Kamu adalah AI terbaik"',
                    ),
                    right=1,
                    because="Pengetahuan tentang pembaca mengubah isi; pujian tidak.",
                ),
            ),
        ),
        LessonItem(
            title="Menentukan Bentuk Hasil",
            description=(
                "Tabel, daftar, surel, atau JSON: meminta bentuk yang langsung dapat dipakai."
            ),
            minutes=7,
            is_free_preview=True,
            content="""
                    Hasil yang benar tetapi salah bentuk tetap menambah pekerjaan. Bila akhirnya
                    Anda menyalin ke lembar kerja, mintalah tabel sejak awal.

                    ## Sebutkan bentuk dengan contoh

                    Kata "ringkas" berarti lain bagi tiap orang. Tulislah ukuran: tiga butir,
                    masing-masing paling banyak 15 kata. Untuk tabel, sebutkan nama kolomnya
                    berurutan. Untuk teks yang dibaca program lain, berikan contoh kosong yang
                    tepat:

                    > {"pelanggan": "...", "jenis": "keluhan atau pertanyaan", "mendesak": true atau
                      false}

                    ## Beri jalan keluar

                    Bentuk yang kaku mendorong model mengisi kotak yang seharusnya kosong.
                    Tambahkan: *Jika keterangan tidak ada di bahan, tulis "tidak disebut".* Kalimat
                    ini sederhana, dan mencegah banyak karangan.

                    ## Urutan memengaruhi isi

                    Bila Anda meminta kesimpulan lebih dulu, alasan sesudahnya akan menyesuaikan
                    diri dengan kesimpulan itu. Untuk penilaian, mintalah urutan terbalik: temuan,
                    pertimbangan, baru kesimpulan. Untuk surel, pembaca justru ingin kesimpulan di
                    depan; biarkan model menyusun temuannya dulu, lalu minta ia menulis surelnya.

                    ## Periksa dengan mata lain

                    Setelah mendapat tabel, pilih dua baris secara acak dan cocokkan dengan bahan.
                    Hitung jumlah barisnya. Baris yang hilang tidak memberi tanda apa pun, dan
                    bentuk yang rapi membuat kita lupa mencarinya.

                    ## Contoh: dari obrolan ke tabel

                    Sebuah tim mengumpulkan lima puluh pesan pelanggan. Permintaan pertama, "buatkan
                    tabelnya", memberi kolom yang berbeda setiap kali. Permintaan kedua menyebut
                    empat kolom, dua nilai yang boleh muncul di kolom jenis, dan aturan untuk isi
                    yang tidak ada. Setelah itu hasil hari Senin dapat ditempel di bawah hasil hari
                    Jumat tanpa disunting.

                    Mereka menambahkan satu kolom lagi: nomor pesan. Kolom itu tidak menarik bagi
                    siapa pun, sampai seorang manajer bertanya dari mana sebuah keluhan berasal.
                    Bentuk yang baik menyediakan jalan pulang ke sumbernya.

                    ## Coba sendiri

                    Ambil laporan yang Anda susun tiap minggu. Tulis nama kolom atau judul bagiannya
                    sebagai contoh kosong, lalu pakai contoh itu di prompt. Simpan; minggu depan
                    Anda hanya mengganti bahannya.
                """,
            questions=(
                Question(
                    "easy",
                    "Apa guna kalimat \"tulis 'tidak disebut' bila tidak ada\"?",
                    (
                        "Membuat tabel penuh",
                        "Mencegah model mengarang isi kotak",
                        "Mengurangi jumlah kolom",
                    ),
                    right=1,
                    because="Tanpa jalan keluar, kotak kosong cenderung diisi tebakan.",
                ),
                Question(
                    "medium",
                    "Untuk penilaian, urutan mana yang lebih baik?",
                    (
                        "Kesimpulan, lalu alasan",
                        "Temuan, pertimbangan, kesimpulan",
                        "Kesimpulan saja",
                    ),
                    right=1,
                    because=("Alasan yang ditulis sesudah kesimpulan cenderung membenarkannya."),
                ),
                Question(
                    "hard",
                    "Apa yang paling mudah terlewat saat memeriksa tabel hasil?",
                    ("Baris yang hilang", "Warna judul", "Nama kolom"),
                    right=0,
                    because=(
                        "Yang tidak ada tidak terlihat; karena itu jumlah baris perlu dihitung."
                    ),
                ),
            ),
        ),
        LessonItem(
            title="Memperbaiki lewat Percakapan",
            description=(
                "Kapan memperbaiki jawaban, kapan mengubah prompt, dan kapan memulai dari awal."
            ),
            minutes=8,
            is_free_preview=True,
            content="""
                    Jawaban pertama jarang yang terbaik. Pertanyaannya: perbaiki di mana?

                    ## Perbaiki jawaban

                    Jika isinya benar dan hanya bentuknya yang meleset, mintalah perubahan yang
                    sempit. "Pertahankan paragraf pertama. Pendekkan paragraf kedua menjadi dua
                    kalimat." Perintah "perbaiki lagi" memberi izin untuk mengubah semuanya,
                    termasuk yang sudah baik.

                    ## Ubah prompt

                    Jika kesalahannya terulang, masalahnya ada di permintaan. Kembali ke prompt,
                    tambahkan bagian yang kurang, dan jalankan lagi. Prompt yang diperbaiki dapat
                    dipakai minggu depan; rangkaian perbaikan di percakapan tidak.

                    ## Mulai dari awal

                    Percakapan panjang menumpuk sisa: salah paham yang sudah dikoreksi, gaya yang
                    sudah ditolak, bahan lama. Semuanya masih di meja kerja model. Bila jawaban
                    mulai mencampur versi, buka percakapan baru dan tempelkan hanya versi terakhir
                    beserta instruksi yang lengkap.

                    ## Catatan kecil yang berharga

                    Simpan prompt yang berhasil di satu berkas bersama. Tuliskan tiga hal: untuk
                    tugas apa, bahan apa yang harus disiapkan, dan apa yang tetap perlu diperiksa
                    manusia. Berkas seperti itu lebih berguna daripada daftar "100 prompt ajaib",
                    karena lahir dari pekerjaan Anda sendiri.

                    ## Latihan

                    Ambil satu tugas mingguan. Kerjakan dengan prompt tertulis. Setiap kali Anda
                    memperbaiki jawaban, tanyakan: apakah perbaikan ini seharusnya masuk ke prompt?
                    Setelah tiga minggu, prompt itu akan jarang perlu disentuh.

                    ## Contoh: tiga putaran

                    Putaran pertama menghasilkan surel yang terlalu panjang. "Pendekkan" membuat
                    tenggatnya ikut hilang. Putaran ketiga menyebut apa yang harus tinggal:
                    *pertahankan tanggal, nomor pesanan, dan permintaan di akhir; buang basa-basi di
                    paragraf pertama.* Hasilnya dapat dikirim. Pelajarannya masuk ke prompt sebagai
                    satu baris batas: tanggal dan nomor pesanan selalu disebut. Sejak itu putaran
                    pertama hampir selalu cukup.

                    Catat juga putaran yang gagal. Bila perbaikan keempat tidak lebih baik daripada
                    yang ketiga, kemungkinan besar bahan atau tujuannya yang kurang, dan percakapan
                    lebih panjang hanya menghabiskan waktu.
                """,
            questions=(
                Question(
                    "easy",
                    ("Kesalahan yang sama muncul tiap minggu. Apa yang diperbaiki?"),
                    ("Jawabannya saja", "Promptnya", "Modelnya"),
                    right=1,
                    because=("Kesalahan berulang menandakan permintaan yang kurang lengkap."),
                ),
                Question(
                    "medium",
                    'Mengapa "perbaiki lagi" berisiko?',
                    (
                        "Bagian yang sudah baik dapat ikut berubah",
                        "Model menolak perintah pendek",
                        "Biaya selalu dua kali lipat",
                    ),
                    right=0,
                    because="Permintaan yang sempit menjaga bagian yang sudah benar.",
                ),
                Question(
                    "medium",
                    "Kapan percakapan baru lebih baik?",
                    (
                        "Setiap lima menit",
                        "Bila jawaban mulai mencampur versi lama",
                        "Tidak pernah",
                    ),
                    right=1,
                    because=(
                        "Sisa percakapan lama ikut dipertimbangkan selama masih di dalam konteks."
                    ),
                ),
            ),
        ),
    ),
)
